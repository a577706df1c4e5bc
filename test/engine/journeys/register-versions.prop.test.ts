import fc from 'fast-check';
import { expect, it } from 'vitest';
import { enrol } from '../../../lib/engine/enrolment/enrol.ts';
import { cancel } from '../../../lib/engine/instances/cancel.ts';
import { listJourneys } from '../../../lib/engine/journeys/journeys.ts';
import type { DeployedVersion } from '../../../lib/engine/journeys/deployment-plan.ts';
import { registerVersions } from '../../../lib/engine/journeys/register-versions.ts';
import { entriesPk, journeyPk, machinePrefix } from '../../../lib/engine/records/keys.ts';
import { isKalciferError } from '../../../lib/kalcifer-error.ts';
import type { Table } from '../../../lib/ports/table.ts';
import { apiHarness, type ApiHarness } from '../../support/api-harness.ts';
import { drawGraph } from '../../support/graphs.ts';
import { countScenario } from '../../support/scenario-count.ts';

const all: readonly DeployedVersion[] = ['J', 'K'].flatMap((journey) =>
  [1, 2, 3].map((version) => ({
    journey,
    version,
    graph: drawGraph(
      {
        in: ['event_entry', { event_type: `${journey}${version}` }],
        wait: ['wait', { duration: '1d' }],
        out: ['exit'],
      },
      ['in -> wait', 'wait -> out'],
    ),
    machineArn: `arn:${journey}:${version}`,
  })),
);

const move = fc.oneof(
  fc.record({
    kind: fc.constant('deploy' as const),
    versions: fc.subarray([...all]),
    /** The process dies before this write, and the same or the older list is registered next. */
    diesAt: fc.option(fc.nat({ max: 6 }), { nil: undefined }),
    thenBack: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('enter' as const), journey: fc.constantFrom('J', 'K') }),
  fc.record({ kind: fc.constant('leave' as const), journey: fc.constantFrom('J', 'K') }),
);

const tenant = 'T1';

/** Time passes while it looks again. */
async function register(
  h: ApiHarness,
  versions: readonly DeployedVersion[],
  table: Table = h.ctx.table,
): Promise<'accepted' | 'in_use' | 'died'> {
  const clock = {
    ...h.clock,
    wakeAt: (_at: number, callback: () => void) => {
      setImmediate(callback);
      return () => undefined;
    },
  };
  try {
    await registerVersions({ ...h.ctx, table, clock }, { tenants: [tenant], versions });
    return 'accepted';
  } catch (error) {
    if (isKalciferError(error, 'journey.version_in_use')) return 'in_use';
    if ((error as Error).message === 'died') return 'died';
    throw error;
  }
}

function dyingTable({ table }: ApiHarness, after: number): Table {
  let left = after;
  return {
    get: (key) => table.get(key),
    query: (query) => table.query(query),
    queryIndex: (query) => table.queryIndex(query),
    write: (group) => (left-- > 0 ? table.write(group) : Promise.reject(new Error('died'))),
  };
}

/** What is deployed, as the table says. */
async function stateOf(h: ApiHarness): Promise<object> {
  const machines: string[] = [];
  const active: Record<string, number> = {};
  for (const { id, activeVersion } of await listJourneys(h.ctx, tenant)) {
    if (activeVersion !== undefined) active[id] = activeVersion;
    const { items } = await h.table.query({
      pk: journeyPk(tenant, id),
      prefix: machinePrefix,
      limit: 100,
    });
    machines.push(...items.map(({ arn }) => arn as string));
  }
  const { items } = await h.table.query({ pk: entriesPk(tenant), limit: 100 });
  return { machines: machines.toSorted(), active, entries: items.map(({ sk }) => sk) };
}

/** What it should say after this list. */
function expected(versions: readonly DeployedVersion[]): object {
  const active: Record<string, number> = {};
  for (const { journey, version } of versions) {
    active[journey] = Math.max(version, active[journey] ?? 0);
  }
  return {
    machines: versions.map(({ machineArn }) => machineArn).toSorted(),
    active,
    entries: Object.entries(active)
      .map(([journey, version]) => `event#${journey}${version}#${journey}#in`)
      .toSorted(),
  };
}

it('for every sequence of deployments, deaths and roll-backs, exactly the last list that was accepted is open, and nobody loses a machine', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 10 }), async (moves) => {
      const h = await apiHarness();
      const live: { journey: string; version: number; instance: string }[] = [];
      let last: readonly DeployedVersion[] = [];
      let customers = 0;
      const isHeld = (versions: readonly DeployedVersion[]): boolean =>
        live.some((one) =>
          versions.every(
            ({ journey, version }) => journey !== one.journey || version !== one.version,
          ),
        );
      for (const step of moves) {
        if (step.kind === 'deploy') {
          const { versions, diesAt, thenBack } = step;
          const table = diesAt === undefined ? h.ctx.table : dyingTable(h, diesAt);
          let next: readonly DeployedVersion[] = versions;
          let answer = await register(h, versions, table);
          if (answer === 'died') {
            next = thenBack ? last : versions;
            answer = await register(h, next);
          }
          expect(answer).toBe(isHeld(next) ? 'in_use' : 'accepted');
          if (answer === 'accepted') last = next;
          expect(await stateOf(h)).toEqual(expected(last));
        } else if (step.kind === 'enter') {
          const { journey } = step;
          const version = Math.max(
            0,
            ...last.filter((one) => one.journey === journey).map((one) => one.version),
          );
          if (version === 0) continue;
          customers += 1;
          const customer = `c${customers}`;
          live.push({ journey, version, ...(await enrol(h.ctx, { tenant, journey, customer })) });
        } else {
          const at = live.findIndex(({ journey }) => journey === step.journey);
          const [left] = at < 0 ? [] : live.splice(at, 1);
          if (left !== undefined) await cancel(h.ctx, { tenant, instance: left.instance });
        }
      }
      countScenario('deployments agree with the table', moves);
    }),
    { numRuns: 60 },
  );
});
