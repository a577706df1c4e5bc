import { describe, expect, it } from 'vitest';
import type { HistoryWriter } from '../../lib/analytics/history-writer.ts';
import { recordMessages, type RowMessage } from '../../lib/analytics/record-messages.ts';
import { writeHistoryMessages } from '../../lib/history-message.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import type { DeadLetter } from '../../lib/ports/dead-letters.ts';
import type { HistoryRow } from '../../lib/ports/history-sink.ts';
import { aHistoryRow } from '../support/history-rows.ts';

const messageOf = (id: string, ...rows: unknown[]): RowMessage => ({
  id,
  body: writeHistoryMessages(rows)[0] ?? '',
});

/** Notes what it is given, and refuses rows of instances whose name begins with `bad`. */
function recording(away: { writer?: boolean; deadLetters?: boolean } = {}) {
  const written: HistoryRow[] = [];
  const letters: DeadLetter[] = [];
  const writer: HistoryWriter = {
    write: (rows) => {
      if (away.writer === true) {
        return Promise.reject(new KalciferError('clickhouse.unavailable', 'It is away.'));
      }
      const isBad = ({ instance }: HistoryRow): boolean => instance.startsWith('bad');
      written.push(...rows.filter((row) => !isBad(row)));
      return Promise.resolve(rows.filter(isBad).map((row) => ({ row, why: 'SOME_CODE (1)' })));
    },
  };
  const deadLetters = {
    put: (given: readonly DeadLetter[]) => {
      if (away.deadLetters === true) {
        return Promise.reject(new KalciferError('dead_letters.unavailable', 'It is away.'));
      }
      letters.push(...given);
      return Promise.resolve();
    },
  };
  return { writer, deadLetters, written, letters };
}

describe('recordMessages', () => {
  it('writes the rows of all messages together', async () => {
    const to = recording();
    const [a, b, c] = [aHistoryRow(), aHistoryRow(), aHistoryRow()];
    expect(await recordMessages(to, [messageOf('m1', a, b), messageOf('m2', c)])).toEqual({
      rows: 3,
      dead: 0,
      again: [],
    });
    expect(to.written).toEqual([a, b, c]);
  });

  it('sends every message back while ClickHouse is away, and puts no letter', async () => {
    const to = recording({ writer: true });
    const messages = [messageOf('m1', aHistoryRow()), { id: 'm2', body: 'no message' }];
    expect(await recordMessages(to, messages)).toMatchObject({
      rows: 0,
      dead: 0,
      again: ['m1', 'm2'],
      trouble: { code: 'clickhouse.unavailable' },
    });
    expect(to.letters).toEqual([]);
  });

  it('puts what can never be recorded to the dead letters, and records the rest of its message', async () => {
    const to = recording();
    const [good, bad] = [aHistoryRow(), aHistoryRow({ instance: 'bad_1' })];
    const broken = { ...aHistoryRow(), version: 'one' };
    const messages = [messageOf('m1', good, bad, broken), { id: 'm2', body: '{"schema":9}' }];
    expect(await recordMessages(to, messages)).toEqual({ rows: 1, dead: 3, again: [] });
    expect(to.written).toEqual([good]);
    const told = to.letters.map(({ body, why }) => [why, JSON.parse(body) as unknown]);
    expect(told).toEqual([
      ['history.row_unreadable', { schema: 1, rows: [broken] }],
      ['history.message_unreadable', { schema: 9 }],
      ['history.row_refused: SOME_CODE (1)', { schema: 1, rows: [bad] }],
    ]);
  });

  it('makes letters that are messages again', async () => {
    const to = recording();
    await recordMessages(to, [messageOf('m1', aHistoryRow({ instance: 'bad_1' }))]);
    const healed = recording();
    const [letter] = to.letters;
    const { body } = letter ?? { body: '' };
    healed.writer.write = (rows) => {
      healed.written.push(...rows);
      return Promise.resolve([]);
    };
    expect(await recordMessages(healed, [{ id: 'm9', body }])).toMatchObject({
      rows: 1,
      again: [],
    });
  });

  it('sends back only the messages whose letters could not be put', async () => {
    const to = recording({ deadLetters: true });
    const messages = [
      messageOf('m1', aHistoryRow()),
      messageOf('m2', aHistoryRow(), aHistoryRow({ instance: 'bad_1' })),
      { id: 'm3', body: '' },
    ];
    const answer = await recordMessages(to, messages);
    expect(answer).toMatchObject({ rows: 2, trouble: { code: 'dead_letters.unavailable' } });
    expect([...answer.again].toSorted()).toEqual(['m2', 'm3']);
  });

  it('does not hide a mistake of ours', async () => {
    const writer: HistoryWriter = { write: () => Promise.reject(new TypeError('a mistake')) };
    const { deadLetters } = recording();
    const failing = recordMessages({ writer, deadLetters }, [messageOf('m1', aHistoryRow())]);
    await expect(failing).rejects.toThrow('a mistake');
  });
});
