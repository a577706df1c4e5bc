import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHistoryMessage, writeHistoryMessages } from '../lib/history-message.ts';
import { aHistoryRow } from './support/history-rows.ts';

const rowsOf = (messages: readonly string[]) =>
  messages.flatMap((message) => readHistoryMessage(message)?.rows ?? []);

describe('messages of rows', () => {
  it('hold many rows, and each is paid as one', () => {
    const rows = Array.from({ length: 1_000 }, () => aHistoryRow({ node: 'ü'.repeat(64) }));
    const messages = writeHistoryMessages(rows);
    expect(rowsOf(messages)).toEqual(rows);
    for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThan(64 * 1024);
    const [first = ''] = messages;
    expect(Buffer.byteLength(first)).toBeGreaterThan(59_000);
  });

  it('are none without rows', () => {
    expect(writeHistoryMessages([])).toEqual([]);
  });

  it('for every text: holds only characters that a queue takes, and gives back what was written', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\uffff', '\ufffe\u0000', '\ud800', '\u2028', '\u{1ffff}'),
    );
    const backOf = (message: string): unknown[] => {
      const { rows = [], unreadable = [] } = readHistoryMessage(message) ?? {};
      return [...rows, ...unreadable];
    };
    fc.assert(
      fc.property(text, text, (customer, node) => {
        const row = aHistoryRow({ customer, node });
        const [message = ''] = writeHistoryMessages([row]);
        expect(message).toMatch(/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
        expect(backOf(message)).toEqual([row]);
      }),
    );
  });

  it('keep a row that cannot be read apart from the others', () => {
    const row = aHistoryRow();
    const bad = [
      null,
      'row',
      { ...row, eventId: 'e1' },
      { ...row, kind: 'of a later release' },
      { ...row, tenant: '' },
      { ...row, version: -1 },
      { ...row, version: 5_000_000_000 },
      { ...row, at: 1.5 },
      { ...row, at: Date.UTC(2300, 0) },
      { ...row, startedAt: Date.UTC(2300, 0) },
      { ...row, customer: 'half of a character: \ud83d' },
      { ...row, attempts: 70_000 },
      { ...row, value: 'much' },
      { ...row, node: 7 },
    ];
    const message = JSON.stringify({ schema: 1, rows: [...bad, row] });
    expect(readHistoryMessage(message)).toEqual({ rows: [row], unreadable: bad });
  });

  it('may carry fields of a later release', () => {
    const row = aHistoryRow();
    const message = JSON.stringify({ schema: 1, rows: [{ ...row, later: 1 }], note: 'x' });
    expect(readHistoryMessage(message)).toEqual({ rows: [row], unreadable: [] });
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"schema":2,"rows":[]}',
    '{"schema":1}',
    '{"schema":1,"rows":',
  ])('are none that read %j', (message) => {
    expect(readHistoryMessage(message)).toBeUndefined();
  });
});
