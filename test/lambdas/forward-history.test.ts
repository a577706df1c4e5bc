import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forwardHistory } from '../../lambdas/forward-history/handler.ts';
import { toStoredItem } from '../../lib/adapters/aws/dynamodb/stored-item.ts';
import { historyOfChanges } from '../../lib/engine/history/history-of-changes.ts';
import { instanceItem } from '../../lib/engine/records/instance.ts';
import { stepItem } from '../../lib/engine/records/step.ts';
import type { Json } from '../../lib/json.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import type { HistoryRow } from '../../lib/ports/history-sink.ts';
import type { Item } from '../../lib/ports/table.ts';
import { anInstance, aStep } from '../support/factories.ts';
import { call, watchLog } from '../support/lambda.ts';
import { mutated } from '../support/mutated-json.ts';
import { countScenario } from '../support/scenario-count.ts';

const instance = anInstance({ tenant: 'T1', id: 'i1', customer: 'c1' });
/** Large enough to be stored packed. */
const notes = Array.from({ length: 400 }, (_, at) => `a long note, which repeats itself, ${at}`);
const step = aStep({ tenant: 'T1', instance: 'i1', node: 'mail', notes });

/** As the stream writes rows: bytes are base64. */
function image(item: Item): Json {
  const written = JSON.stringify(
    toStoredItem(item),
    function (this: Record<string, unknown>, name, value: unknown) {
      const { [name]: given } = this;
      return given instanceof Uint8Array ? Buffer.from(given).toString('base64') : value;
    },
  );
  return JSON.parse(written) as Json;
}

function record(number: number, change: { before?: Item; after?: Item }): Json {
  const { before, after } = change;
  return {
    eventName: 'MODIFY',
    dynamodb: {
      SequenceNumber: String(number),
      ...(before === undefined ? {} : { OldImage: image(before) }),
      ...(after === undefined ? {} : { NewImage: image(after) }),
    },
  };
}

const batch = (...records: Json[]): Json => ({ Records: records });

/** The function, with a queue that may be away, and a table that has the instance. */
function forwarder({ queueIsAway = (): boolean => false, tableIsAway = false } = {}) {
  const recorded: HistoryRow[] = [];
  const handler = forwardHistory(() => ({
    historyOf: historyOfChanges({
      get: ({ sk }) =>
        tableIsAway
          ? Promise.reject(new KalciferError('table.unavailable', 'It does not answer.'))
          : Promise.resolve(sk === 'i' ? instanceItem(instance) : undefined),
    }),
    sink: {
      record: (rows) => {
        if (queueIsAway()) {
          return Promise.reject(new KalciferError('history.unavailable', 'The queue is away.'));
        }
        recorded.push(...rows);
        return Promise.resolve();
      },
    },
  }));
  return { handler, recorded };
}

describe('forward-history', () => {
  it('makes rows of what the stream tells, packed values and all', async () => {
    const log = watchLog();
    const { handler, recorded } = forwarder();
    const changes = batch(
      record(1, { after: instanceItem(instance) }),
      record(2, { before: stepItem({ ...step, status: 'waiting' }), after: stepItem(step) }),
      record(3, { before: stepItem(step) }),
    );
    expect(JSON.stringify(changes)).toMatch(/"notes":\{"M":\{"~\w+":\{"B":"/);
    expect(await call(handler, changes)).toEqual({ answer: { batchItemFailures: [] } });
    expect(recorded.map(({ kind, customer }) => [kind, customer])).toEqual([
      ['entered', 'c1'],
      ['step_ended', 'c1'],
    ]);
    expect(log.counts()).toEqual([{ HistoryForwarded: 2 }]);
  });

  it('passes over what is no row of this table, and tells the others', async () => {
    const log = watchLog();
    const { handler, recorded } = forwarder();
    const strange = { dynamodb: { SequenceNumber: '1', NewImage: { pk: { S: 'T1#i#i1' } } } };
    const changes = batch(strange, record(2, { after: stepItem(step) }));
    expect(await call(handler, changes)).toEqual({ answer: { batchItemFailures: [] } });
    expect(recorded).toHaveLength(1);
    expect(log.counts()).toEqual([{ MessagesRefused: 1 }, { HistoryForwarded: 1 }]);
  });

  it('calls no queue when nothing is to be told', async () => {
    const { handler, recorded } = forwarder({ queueIsAway: () => true });
    const moved = { ...instance, revision: 2, status: 'running' } as const;
    const changes = batch(
      record(1, { before: instanceItem(instance), after: instanceItem(moved) }),
    );
    expect(await call(handler, changes)).toEqual({ answer: { batchItemFailures: [] } });
    expect(recorded).toEqual([]);
  });

  it('has the stream go on from where the queue did not answer', async () => {
    const log = watchLog();
    let calls = 0;
    const { handler, recorded } = forwarder({ queueIsAway: () => (calls += 1) > 1 });
    const changes = Array.from({ length: 300 }, (_, at) =>
      record(at, { after: stepItem({ ...step, node: `n${at}`, notes: [] }) }),
    );
    expect(await call(handler, batch(...changes))).toEqual({
      answer: { batchItemFailures: [{ itemIdentifier: '250' }] },
    });
    expect(recorded).toHaveLength(250);
    expect(log.lines().map(({ code }) => code)).toEqual(['history.unavailable']);
  });

  it('has the stream begin again when the table does not answer', async () => {
    watchLog();
    const { handler } = forwarder({ tableIsAway: true });
    const changes = batch(record(7, { after: stepItem(step) }));
    expect(await call(handler, changes)).toEqual({
      answer: { batchItemFailures: [{ itemIdentifier: '7' }] },
    });
  });

  it('answers any batch of anything, and logs nothing of it', async () => {
    const log = watchLog();
    const { handler, recorded } = forwarder();
    const valid = batch(
      record(1, { before: instanceItem(instance), after: instanceItem(instance) }),
      record(2, { after: stepItem({ ...step, notes: ['SECRET'] }) }),
    );
    const anyBatch = fc.oneof(fc.jsonValue({ stringUnit: 'binary' }), mutated(valid));
    await fc.assert(
      fc.asyncProperty(anyBatch, async (event) => {
        await call(handler, event);
        countScenario('any JSON gives an answer or one of our codes', {
          name: 'forward-history',
          event,
        });
      }),
      { numRuns: 400 },
    );
    expect(log.text()).not.toContain('Kalcifer.Unexpected');
    expect(log.text()).not.toContain('SECRET');
    expect(recorded.length).toBeGreaterThan(10);
    expect(JSON.stringify(recorded)).not.toContain('SECRET');
  });
});
