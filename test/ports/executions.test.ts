import { describe, expect, it } from 'vitest';
import { isExecutionName } from '../../lib/ports/executions.ts';

describe('an execution name', () => {
  it.each(['a', 'A-z_09', 'x'.repeat(80)])('may be %j', (name) => {
    expect(isExecutionName(name)).toBe(true);
  });

  it.each(['', 'x'.repeat(81), 'a b', 'a:b', 'a#b', 'a/b', 'é', 'a\n'])('may not be %j', (name) => {
    expect(isExecutionName(name)).toBe(false);
  });
});
