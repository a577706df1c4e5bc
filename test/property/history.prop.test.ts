/** History says of every instance what its rows say, however often, late and out of order the changes of the table are told. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOfChanges } from '../../lib/engine/history/history-of-changes.ts';
import type { RowChange } from '../../lib/engine/history/row-change.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import type { HistoryRow } from '../../lib/ports/history-sink.ts';
import { createWatchedTestkit, type Testkit } from '../../lib/testkit/testkit.ts';
import { changeRecorder, type ChangeRecorder } from '../support/change-recorder.ts';
import { eventTypes, structuredForkedGraph } from '../support/forked-graphs-arbitrary.ts';
import type { DrawnJson } from '../support/graphs.ts';
import { countScenario } from '../support/scenario-count.ts';

const tenant = 'T#1';
const journey = "J'1";
const customers = ['c1', 'c2@example.com'];

const happening = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...eventTypes) },
  { weight: 4, arbitrary: fc.constantFrom('1h', '1d', '3d') },
  { weight: 4, arbitrary: fc.constantFrom('pause', 'resume', 'rest') },
  { weight: 2, arbitrary: fc.constantFrom('refuse', 'transient', 'restart') },
  { weight: 1, arbitrary: fc.constantFrom('cancel', 'enrol') },
);

const scenario = fc.record({
  graph: structuredForkedGraph(),
  truths: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  happenings: fc.array(fc.record({ what: happening, who: fc.nat(1) }), {
    minLength: 2,
    maxLength: 14,
  }),
  seed: fc.nat(1_000_000),
  /** How the changes are told: which ones again, in what order, how many at a time. */
  telling: fc.record({
    again: fc.array(fc.nat(), { maxLength: 40 }),
    order: fc.infiniteStream(fc.nat(1_000_000)),
    batch: fc.integer({ min: 1, max: 50 }),
  }),
});

/** A caller for whom a refusal is an answer. */
async function attempt(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof KalciferError)) throw error;
  }
}

async function carryOut(kit: Testkit, what: string, customer: string): Promise<void> {
  const [instance = ''] = (await kit.instances({ tenant, journey, customer })).slice(-1);
  switch (what) {
    case 'pause':
    case 'resume':
    case 'cancel':
      return attempt(() => kit[what](instance));
    case 'rest':
      await attempt(() => kit.pause(instance));
      await kit.advance('1d');
      return attempt(() => kit.resume(instance));
    case 'enrol':
      return attempt(() => kit.enroll({ tenant, journey, customer }));
    case 'refuse':
    case 'transient':
      kit.channel('email').next(what);
      return;
    case 'restart':
      return kit.restart();
    case 'red':
    case 'green':
      await kit.event({ tenant, customer, type: what });
      return;
    default:
      return kit.advance(what);
  }
}

async function live(
  kit: Testkit,
  graph: DrawnJson,
  { truths, happenings }: { truths: boolean[]; happenings: { what: string; who: number }[] },
): Promise<void> {
  await kit.publish({ tenant, journey, graph });
  const context = Object.fromEntries(truths.map((truth, at) => [`n${at}`, truth]));
  await kit.customer({ tenant, id: 'c1', email: 'c1@example.com' });
  for (const customer of customers) await kit.enroll({ tenant, journey, customer, context });
  await kit.settle();
  for (const { what, who } of happenings) {
    await carryOut(kit, what, customers[who] ?? '');
    await kit.settle();
  }
}

/** All changes, some of them again, in any order. */
function retold(
  changes: readonly RowChange[],
  { again, order }: { again: number[]; order: Iterable<number> },
): readonly RowChange[] {
  const all = [...changes, ...again.flatMap((at) => changes[at % changes.length] ?? [])];
  const places = order[Symbol.iterator]();
  return all
    .map((change) => [places.next().value as number, change] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, change]) => change);
}

async function tell(
  recorder: ChangeRecorder,
  changes: readonly RowChange[],
  batch: number,
): Promise<ReadonlyMap<string, HistoryRow>> {
  const told = new Map<string, HistoryRow>();
  const historyOf = historyOfChanges(recorder.table);
  for (let from = 0; from < changes.length; from += batch) {
    for (const row of await historyOf(changes.slice(from, from + batch))) {
      const before = told.get(row.eventId);
      if (before !== undefined) expect(row).toEqual(before);
      told.set(row.eventId, row);
    }
  }
  return told;
}

type Summary = Readonly<Record<string, string | number | undefined>>;

/** What the instance's own rows say must have been told, without ids. */
async function expected(kit: Testkit, graph: DrawnJson, instance: string): Promise<Summary[]> {
  const view = await kit.instance(instance);
  const types = new Map(graph.nodes.map(({ id, type }) => [id, type]));
  const of = { instance, customer: view.customer, version: 1 };
  const steps = (await kit.steps(instance)).flatMap(({ node, status, branch, ...step }) => {
    const isSettled = ['completed', 'failed', 'cancelled'].includes(status);
    const at = Date.parse(isSettled ? (step.endedAt ?? '') : step.startedAt);
    const nodeType = types.get(node);
    if (!isSettled) return [{ ...of, kind: 'step_started', node, nodeType, at }];
    return [{ ...of, kind: 'step_ended', node, nodeType, at, status, branch }];
  });
  const settled = (await kit.deliveries(instance)).flatMap(({ node, status, channel }) =>
    ['sending', 'retrying'].includes(status)
      ? []
      : [{ ...of, kind: 'send_settled', node, nodeType: types.get(node), status, channel }],
  );
  const converted = (await kit.conversions({ tenant, journey }))
    .filter((conversion) => conversion.instance === instance)
    .map(({ node, name, value }) => {
      return { ...of, kind: 'converted', node, nodeType: types.get(node), name, value };
    });
  const entered = { ...of, kind: 'entered', node: 'n0', at: Date.parse(view.enteredAt) };
  const at = Date.parse(view.completedAt ?? '');
  const ended = { ...of, kind: 'ended', status: view.status, reason: view.exitReason, at };
  return [
    { ...entered, nodeType: 'event_entry' },
    ...steps,
    ...settled,
    ...converted,
    ...(view.completedAt === undefined ? [] : [ended]),
  ];
}

describe('history', () => {
  it('for every journey and every telling: has each fact of each instance once, and no other', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(scenario, async ({ graph, truths, happenings, seed, telling }) => {
        const { again, batch } = telling;
        countScenario('history', { graph, truths, happenings, seed, again, batch });
        const recorder = changeRecorder();
        const kit = await createWatchedTestkit({ seed }, recorder);
        try {
          await live(kit, graph, { truths, happenings });
          const told = await tell(recorder, retold(recorder.changes, telling), batch);
          const rows = [...told.values()];
          for (const { kind } of rows) seen.set(kind, (seen.get(kind) ?? 0) + 1);
          expect(new Set(rows.map((row) => row.tenant + row.journey))).toEqual(
            new Set([tenant + journey]),
          );
          for (const instance of await kit.instances({ tenant, journey })) {
            const of = rows.filter((row) => row.instance === instance);
            const facts = await expected(kit, graph, instance);
            // A step that is over may have been told of when it began, and an instance may have been paused and resumed.
            const known = of.filter(({ kind, node }) => {
              const isOver = facts.some((fact) => fact.kind === 'step_ended' && fact.node === node);
              return !['paused', 'resumed'].includes(kind) && !(kind === 'step_started' && isOver);
            });
            expect(known).toHaveLength(facts.length);
            for (const fact of facts) {
              const { kind, node } = fact;
              expect(known.filter((row) => row.kind === kind && row.node === node)).toEqual([
                expect.objectContaining(defined(fact)),
              ]);
            }
            checkPauses(of, (await kit.instance(instance)).status);
          }
        } finally {
          await kit.close();
        }
      }),
      { numRuns: 150 },
    );
    const kinds = ['entered', 'step_started', 'step_ended', 'send_settled', 'converted'];
    for (const kind of [...kinds, 'paused', 'resumed', 'ended']) {
      expect(seen.get(kind), kind).toBeGreaterThan(3);
    }
  });
});

function defined(fact: Summary): Summary {
  return Object.fromEntries(Object.entries(fact).filter(([, value]) => value !== undefined));
}

/** In time, each pause is followed by one resumption, and the last by none exactly while the instance is paused or was taken out. */
function checkPauses(rows: readonly HistoryRow[], status: string): void {
  const paused = rows.filter(({ kind }) => kind === 'paused').length;
  const resumed = rows.filter(({ kind }) => kind === 'resumed').length;
  if (status === 'paused') expect(paused).toBe(resumed + 1);
  else if (status === 'exited') expect([resumed, resumed + 1]).toContain(paused);
  else expect(paused).toBe(resumed);
}
