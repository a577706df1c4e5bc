/** What is said about a definition as a whole. */
import { describe, expect, it } from 'vitest';
import { checkStateMachine } from '../../../../lib/local/asl/asl.ts';

const other = { Type: 'Pass', End: true };

describe('checkStateMachine', () => {
  it.each<[unknown, string]>([
    [null, 'Definition must be a valid JSON object'],
    [' ', 'Definition must be a valid JSON object'],
    ['[]', 'Definition must be a valid JSON object'],
    [{}, 'These fields are required: [States, StartAt]'],
    [{ StartAt: 'A' }, 'These fields are required: [States]'],
    [{ StartAt: 'A', States: {} }, 'Value cannot be empty'],
    [{ StartAt: 'A', States: 1 }, 'Expected value of type Object'],
    [{ StartAt: 'A', States: { A: 1 } }, 'Expected value of type Object'],
    [{ StartAt: 1, States: { A: other } }, 'Expected value of type String'],
    [{ StartAt: 'A', States: { A: other }, Foo: 1 }, "Field 'Foo' is not supported"],
    [
      { StartAt: 'A', States: { A: other }, Version: '2.0' },
      "The field 'Version' should have one of these values: [1.0]",
    ],
    [
      { StartAt: 'A', States: { A: other }, TimeoutSeconds: 1.5 },
      'Expected a whole number from 1 to 99999999',
    ],
    [
      { StartAt: 'A', States: { A: other }, QueryLanguage: 'SQL' },
      "The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata]",
    ],
    [
      { StartAt: 'A', States: { A: other }, QueryLanguage: 'JSONata' },
      'The query language JSONata is not supported by the embedded runtime.',
    ],
    [
      { StartAt: 'A', States: { A: { ...other, Comment: 'x'.repeat(1_048_576) } } },
      'The definition is larger than 1048576 bytes',
    ],
  ])('refuses the definition %j', (definition, message) => {
    expect(checkStateMachine(definition)[0]?.message).toBe(message);
  });

  it('tells that a text is no JSON', () => {
    expect(checkStateMachine('{').map(({ code }) => code)).toEqual(['asl.json']);
  });

  it('accepts every field of a machine', () => {
    const machine = {
      Comment: 'c',
      Version: '1.0',
      TimeoutSeconds: 5,
      QueryLanguage: 'JSONPath',
      StartAt: 'A',
      States: { A: other },
    };
    expect(checkStateMachine(machine)).toEqual([]);
  });
});
