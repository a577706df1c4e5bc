import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const names = (await readdir('lambdas')).filter((name) => name !== '_shared');

describe.each(names)('the function %s', (name) => {
  it('has a handler, which needs no setting to be imported, and says what it is called with', async () => {
    const { handler } = await import(`../../lambdas/${name}/handler.ts`);
    const { input } = await import(`../../lambdas/${name}/input.ts`);
    expect(handler).toBeInstanceOf(Function);
    expect(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })).toHaveProperty(
      '$schema',
    );
  });
});
