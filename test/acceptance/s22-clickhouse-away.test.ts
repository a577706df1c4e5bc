import { expect, it } from 'vitest';
import type { HistoryWriter } from '../../lib/analytics/history-writer.ts';
import { recordMessages } from '../../lib/analytics/record-messages.ts';
import { historyOfChanges } from '../../lib/engine/history/history-of-changes.ts';
import { writeHistoryMessages } from '../../lib/history-message.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import type { HistoryRow } from '../../lib/ports/history-sink.ts';
import { seededChance } from '../../lib/testkit/seeded-chance.ts';
import { fakeQueue } from '../support/fake-queue.ts';
import { runJourneys } from '../support/history-run.ts';

/** ClickHouse as it may be: away, back, and once gone in the middle of an insert. */
function moodyWriter(): HistoryWriter & { mood: 'away' | 'halfway' | 'back'; rows: HistoryRow[] } {
  const writer = {
    mood: 'away' as 'away' | 'halfway' | 'back',
    rows: [] as HistoryRow[],
    write: (rows: readonly HistoryRow[]) => {
      const taken = { away: 0, halfway: Math.ceil(rows.length / 2), back: rows.length };
      writer.rows.push(...rows.slice(0, taken[writer.mood]));
      return writer.mood === 'back'
        ? Promise.resolve([])
        : Promise.reject(new KalciferError('clickhouse.unavailable', 'It is away.'));
    },
  };
  return writer;
}

it('S22: ClickHouse away, batches told twice and one of them half stored: counts per node equal the step records', async () => {
  const { changes, table, steps } = await runJourneys();
  const queue = fakeQueue(seededChance(22));
  const writer = moodyWriter();
  const deadLetters = { put: () => Promise.reject(new Error('nothing is poison here')) };

  const historyOf = historyOfChanges(table);
  for (let from = 0; from < changes.length; from += 100) {
    queue.put(writeHistoryMessages(await historyOf(changes.slice(from, from + 100))));
  }
  const kept = queue.size();
  const deliver = (): Promise<void> =>
    queue.deliver(async (batch) => (await recordMessages({ writer, deadLetters }, batch)).again);

  await deliver();
  await deliver();
  expect([queue.size(), writer.rows.length]).toEqual([kept, 0]);
  writer.mood = 'halfway';
  await deliver();
  expect(queue.size()).toBe(kept);
  writer.mood = 'back';
  for (let rounds = 0; queue.size() > 0 && rounds < 50; rounds += 1) await deliver();

  const facts = new Map(writer.rows.map((row) => [row.eventId, row]));
  expect(writer.rows.length).toBeGreaterThan(facts.size);
  expect([...facts.values()].filter(({ kind }) => kind === 'entered')).toHaveLength(100);
  const reached: Record<string, Set<string>> = {};
  for (const { kind, node = '', instance } of facts.values()) {
    if (kind === 'step_ended') (reached[node] ??= new Set()).add(instance);
  }
  const counts = Object.entries(reached).map(([node, instances]) => [node, instances.size]);
  expect(Object.fromEntries(counts)).toEqual(steps);
  expect(steps).toEqual({
    entry_1: 100,
    email_1: 100,
    wait_1: 100,
    goal_1: 34,
    email_2: 66,
    exit_1: 66,
  });
});
