import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fillFunctions } from '../../../lib/adapters/aws/fill-functions.ts';
import { nodeFunctions } from '../../../lib/compiler/node-functions.ts';
import type { JsonObject } from '../../../lib/json.ts';

describe('fillFunctions', () => {
  it('puts functions in the place of placeholders, at any depth, and changes nothing else', () => {
    const definition = {
      Comment: '${EntryFunction}',
      States: {
        '${EntryFunction}': {
          Parameters: { FunctionName: '${EntryFunction}', Payload: { node: '${EntryFunction}' } },
        },
        fork: {
          Branches: [
            { States: { a: { Parameters: { FunctionName: '${ExitFunction}' } } } },
            { list: [1, null, 'FunctionName', true] },
          ],
        },
        named: { Parameters: { FunctionName: 'arn:already' } },
      },
    };
    expect(
      fillFunctions(definition, { EntryFunction: 'arn:entry', ExitFunction: 'arn:exit' }),
    ).toEqual({
      Comment: '${EntryFunction}',
      States: {
        '${EntryFunction}': {
          Parameters: { FunctionName: 'arn:entry', Payload: { node: '${EntryFunction}' } },
        },
        fork: {
          Branches: [
            { States: { a: { Parameters: { FunctionName: 'arn:exit' } } } },
            { list: [1, null, 'FunctionName', true] },
          ],
        },
        named: { Parameters: { FunctionName: 'arn:already' } },
      },
    });
  });

  it('names every function that is not there, once', () => {
    const call = (name: string): JsonObject => ({ FunctionName: `\${${name}}` });
    const definition = {
      a: call('Nowhere'),
      b: call('EntryFunction'),
      c: [call('Nowhere')],
      d: call('toString'),
    };
    expect(() => fillFunctions(definition, { EntryFunction: 'arn:entry' })).toThrow(
      expect.objectContaining({
        code: 'machines.function_unknown',
        message: 'There is no function for ${Nowhere}, ${toString}.',
      }) as Error,
    );
  });

  it.each(['welcome', 'abandoned-cart', 're-engagement'])('leaves no placeholder in %s', (name) => {
    const definition = JSON.parse(
      readFileSync(`statemachines/${name}/v1.asl.json`, 'utf8'),
    ) as JsonObject;
    const arns = Object.fromEntries(nodeFunctions.map((one) => [one, `arn:${one}`]));
    const text = JSON.stringify(fillFunctions(definition, arns));
    expect(text).not.toContain('${');
    expect(text).toContain('"FunctionName":"arn:WaitFunction"');
  });
});
