import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordHistory } from '../../lambdas/record-history/handler.ts';
import type { OpenRecording } from '../../lambdas/_shared/recording.ts';
import { writeHistoryMessages } from '../../lib/history-message.ts';
import type { Json } from '../../lib/json.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import type { DeadLetter } from '../../lib/ports/dead-letters.ts';
import type { HistoryRow } from '../../lib/ports/history-sink.ts';
import { aHistoryRow } from '../support/history-rows.ts';
import { call, watchLog } from '../support/lambda.ts';
import { mutated } from '../support/mutated-json.ts';
import { countScenario } from '../support/scenario-count.ts';

const message = (...rows: unknown[]): string => writeHistoryMessages(rows)[0] ?? '';

const batch = (...bodies: string[]): Json => ({
  Records: bodies.map((body, at) => ({ messageId: `m${at}`, body })),
});

/** As a queue hands them out that has done so before: each so many times as its place says. */
const triedBatch = (tries: Readonly<Record<string, number>>): { [name: string]: Json } => ({
  Records: Object.entries(tries).map(([body, count], at) => ({
    messageId: `m${at}`,
    body,
    attributes: { ApproximateReceiveCount: String(count), SentTimestamp: '1' },
  })),
});

const failures = (...ids: string[]) => ({
  answer: { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) },
});

/** The function, in front of a ClickHouse that may be away. */
function recorder(trouble: { now?: Error; opening?: Error; queue?: Error } = {}) {
  const seen = {
    written: [] as HistoryRow[],
    letters: [] as DeadLetter[],
    anew: [] as string[],
    opened: 0,
    closed: 0,
  };
  const open = (): Promise<OpenRecording> => {
    seen.opened += 1;
    if (trouble.opening !== undefined) return Promise.reject(trouble.opening);
    return Promise.resolve({
      writer: {
        write: (rows) => {
          if (trouble.now !== undefined) return Promise.reject(trouble.now);
          seen.written.push(...rows);
          return Promise.resolve([]);
        },
      },
      deadLetters: {
        put: (letters) => {
          seen.letters.push(...letters);
          return Promise.resolve();
        },
      },
      close: () => {
        seen.closed += 1;
        return Promise.resolve();
      },
    });
  };
  const again = (bodies: readonly string[]): Promise<void> => {
    if (trouble.queue !== undefined) return Promise.reject(trouble.queue);
    seen.anew.push(...bodies);
    return Promise.resolve();
  };
  return { handler: recordHistory(open, again), seen, trouble };
}

describe('record-history', () => {
  it('writes the rows of the whole batch', async () => {
    const log = watchLog();
    const { handler, seen } = recorder();
    const rows = [aHistoryRow(), aHistoryRow(), aHistoryRow()];
    const event = batch(message(rows[0], rows[1]), message(rows[2]));
    expect(await call(handler, event)).toEqual(failures());
    expect(await call(handler, event)).toEqual(failures());
    expect(seen.written).toEqual([...rows, ...rows]);
    expect(seen.opened).toBe(1);
    const counted = { HistoryRecorded: 3, HistoryRefused: 0, HistoryDelayed: 0 };
    expect(log.counts()).toEqual([counted, counted]);
  });

  it('gives the messages back while ClickHouse is away, and asks for it anew', async () => {
    const log = watchLog();
    const now = new KalciferError('clickhouse.unavailable', 'It is away.');
    const { handler, seen, trouble } = recorder({ now });
    const event = batch(message(aHistoryRow()), message(aHistoryRow()));
    expect(await call(handler, event)).toEqual(failures('m0', 'm1'));
    expect(log.counts()).toEqual([{ HistoryRecorded: 0, HistoryRefused: 0, HistoryDelayed: 2 }]);
    expect(log.lines()).toMatchObject([{ code: 'clickhouse.unavailable' }]);
    expect([seen.opened, seen.closed]).toEqual([1, 1]);
    delete trouble.now;
    expect(await call(handler, event)).toEqual(failures());
    expect(seen.opened).toBe(2);
    expect(seen.written).toHaveLength(2);
  });

  it.each([
    ['its password cannot be read', new KalciferError('secret.unavailable', 'Not now.')],
    ['something happens that nobody thought of', new TypeError('customer_1')],
  ])('gives the messages back when %s', async (_what, opening) => {
    const log = watchLog();
    const { handler, seen, trouble } = recorder({ opening });
    const event = batch(message(aHistoryRow()));
    expect(await call(handler, event)).toEqual(failures('m0'));
    expect(log.text()).not.toContain('customer_1');
    delete trouble.opening;
    expect(await call(handler, event)).toEqual(failures());
    expect(seen.written).toHaveLength(1);
  });

  it.each([
    ['ClickHouse is away', { now: new KalciferError('clickhouse.unavailable', 'It is away.') }],
    ['there is no password', { opening: new KalciferError('secret.unavailable', 'Not now.') }],
  ])('has messages begin anew before the queue puts them aside when %s', async (_what, away) => {
    watchLog();
    const { handler, seen, trouble } = recorder(away);
    const [a, b, c] = [message(aHistoryRow()), message(aHistoryRow()), 'what is this'];
    const event = triedBatch({ [a]: 899, [b]: 900, [c]: 999 });
    expect(await call(handler, event)).toEqual(failures('m0'));
    expect(seen.anew).toEqual([b, c]);
    trouble.queue = new KalciferError('history.unavailable', 'The queue is away, too.');
    expect(await call(handler, event)).toEqual(failures('m0', 'm1', 'm2'));
    expect(seen.letters).toEqual([]);
  });

  it('has nothing begin anew that could be recorded, or is tried for the first time', async () => {
    watchLog();
    const { handler, seen, trouble } = recorder();
    expect(await call(handler, triedBatch({ [message(aHistoryRow())]: 999 }))).toEqual(failures());
    trouble.now = new KalciferError('clickhouse.unavailable', 'It is away.');
    const unknown = { messageId: 'm0', body: 'x', attributes: { ApproximateReceiveCount: 'many' } };
    expect(await call(handler, { Records: [unknown] })).toEqual(failures('m0'));
    expect(await call(handler, batch(message(aHistoryRow())))).toEqual(failures('m0'));
    expect(seen.anew).toEqual([]);
  });

  it('puts aside what nobody can read, and only that', async () => {
    const log = watchLog();
    const { handler, seen } = recorder();
    const row = aHistoryRow();
    const event = batch('what is this', message(row, { ...row, version: 'two' }));
    expect(await call(handler, event)).toEqual(failures());
    expect(seen.written).toEqual([row]);
    expect(seen.letters.map(({ why }) => why)).toEqual([
      'history.message_unreadable',
      'history.row_unreadable',
    ]);
    expect(log.counts()).toEqual([{ HistoryRecorded: 1, HistoryRefused: 2, HistoryDelayed: 0 }]);
  });

  it('puts aside a message that is nested without end, and keeps no other waiting', async () => {
    const log = watchLog();
    const { handler, seen } = recorder();
    const row = aHistoryRow();
    const deep = `{"schema":1,"rows":[${'['.repeat(50_000)}${']'.repeat(50_000)}]}`;
    expect(await call(handler, batch(deep, message(row)))).toEqual(failures());
    expect(seen.written).toEqual([row]);
    expect(seen.letters).toEqual([{ body: deep, why: 'history.message_unreadable' }]);
    expect(log.lines()).toEqual([]);
  });

  it('answers any batch of anything, and logs nothing of it', async () => {
    const log = watchLog();
    const { handler, seen } = recorder();
    const row = aHistoryRow({ customer: 'SECRET' }) as unknown as Json;
    const anyBatch = fc.oneof(
      fc.jsonValue({ stringUnit: 'binary' }),
      mutated(triedBatch({ [message(row)]: 950 })),
      mutated({ schema: 1, rows: [row] }).map((body) => batch(JSON.stringify(body))),
    );
    await fc.assert(
      fc.asyncProperty(anyBatch, async (event) => {
        await call(handler, event);
        countScenario('any JSON gives an answer or one of our codes', {
          name: 'record-history',
          event,
        });
      }),
      { numRuns: 400 },
    );
    expect(log.text()).not.toContain('Kalcifer.Unexpected');
    expect(log.text()).not.toContain('SECRET');
    expect(seen.written.length).toBeGreaterThan(10);
    expect(seen.letters.length).toBeGreaterThan(10);
  });
});
