import { describe, expect, test } from 'vitest';
import { drawCap, flatCapField, frequencyCapsField } from '../../lib/journey/cap-field.ts';
import { schemaProblems } from '../../lib/journey/schema-problems.ts';

const day = 86_400_000;

function problems(input: unknown): readonly string[] {
  const parsed = frequencyCapsField.safeParse(input);
  return parsed.success
    ? []
    : schemaProblems(parsed.error, input, 'caps').map(({ message }) => message);
}

describe('frequency caps', () => {
  test.each([
    [
      'a flat one',
      { max_messages: 3, time_window: '1d' },
      [{ channel: 'all', max: 3, windowMs: day }],
    ],
    [
      'one per channel, in a fixed order',
      { sms: { max: 1, window: '1h' }, all: { max: 5, window: '1w' } },
      [
        { channel: 'all', max: 5, windowMs: 7 * day },
        { channel: 'sms', max: 1, windowMs: 3_600_000 },
      ],
    ],
    [
      'a list, also of both kinds',
      [
        { channel: 'email', max: 2, window: '1d' },
        { max: 9, window: '1w' },
        { channel: 'push', max_messages: 1, time_window: '1s' },
      ],
      [
        { channel: 'email', max: 2, windowMs: day },
        { channel: 'all', max: 9, windowMs: 7 * day },
        { channel: 'push', max: 1, windowMs: 1_000 },
      ],
    ],
    ['no cap', [], []],
    ['no channel', {}, []],
  ])('are read from %s', (_form, input, caps) => {
    expect(frequencyCapsField.parse(input)).toEqual(caps);
  });

  test.each([
    [[{ channel: 'fax', max: 0, window: '1 d' }], 3],
    [[{ max_messages: 1 }], 1],
    [{ max_messages: 1, time_window: '1d', extra: true }, 1],
    [{ email: { max: 1_001, window: '0s' } }, 2],
    [[1], 1],
    ['email', 1],
    [null, 1],
    [Array.from({ length: 21 }, () => ({ max: 1, window: '1d' })), 1],
  ])('are refused with everything that is wrong: %j', (input, count) => {
    expect(problems(input)).toHaveLength(count);
  });

  test('read as they are written', () => {
    const drawn = [{ channel: 'email', max: 2, window: '36h' }];
    expect(frequencyCapsField.parse(drawn).map(drawCap)).toEqual(drawn);
    expect(flatCapField.parse({ max_messages: 1, time_window: '24h' })).toEqual({
      channel: 'all',
      max: 1,
      windowMs: day,
    });
  });
});
