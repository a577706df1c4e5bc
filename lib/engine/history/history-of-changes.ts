/**
 * Turns changes of the table into rows of history. What a row of the table does not say is read where it stands: whose a step's
 * instance is, in the row of the instance; of which version a report's step was, in the row of the step; the type of a node, in the
 * graph of the version. None of it ever changes, so the same change gives the same rows at any time, and the row of a step need not
 * carry it along.
 */
import { isKalciferError } from '../../kalcifer-error.ts';
import { parseGraph } from '../../journey/parse.ts';
import type { HistoryRow } from '../../ports/history-sink.ts';
import type { Table } from '../../ports/table.ts';
import { instanceOf } from '../records/instance.ts';
import { versionOf } from '../records/journey.ts';
import { keys } from '../records/keys.ts';
import { stepOf } from '../records/step.ts';
import type { Fact } from './fact.ts';
import { factsOfChange } from './facts-of-change.ts';
import { factsOfRow, isReadable } from './facts-of-row.ts';
import { recentlyRead } from './recently-read.ts';
import type { RowChange } from './row-change.ts';

const rememberedInstances = 20_000;
const rememberedVersions = 200;

type Owner = Required<Pick<Fact, 'journey' | 'customer'>>;
type Missing = Partial<Pick<HistoryRow, 'version' | 'channel' | 'provider'>>;

/**
 * Answers a function that may be called with any number of changes, in any order. Facts of an instance that is not there any more
 * are nobody's, and left out.
 *
 * Errors: `table.unavailable` when nothing was answered and asking again is right.
 */
export function historyOfChanges(
  store: Pick<Table, 'get'>,
): (changes: readonly RowChange[]) => Promise<readonly HistoryRow[]> {
  const table = forgiving(store);
  const owners = recentlyRead<Owner>(rememberedInstances);
  const nodeTypes = recentlyRead<ReadonlyMap<string, string>>(rememberedVersions);

  const ownerOf = ({ tenant, instance }: Fact): Promise<Owner | undefined> =>
    owners.read(ownerKey(tenant, instance), async () => {
      const item = await table.get(keys.instance(tenant, instance));
      if (item === undefined) return undefined;
      const { journey, customer } = instanceOf(item);
      return { journey, customer };
    });

  const nodeTypeOf = async (row: HistoryRow): Promise<string | undefined> => {
    const { tenant, journey, version, node } = row;
    if (node === undefined) return undefined;
    const types = await nodeTypes.read(JSON.stringify([tenant, journey, version]), async () => {
      const item = await table.get(keys.version(tenant, journey, version));
      return item === undefined ? undefined : typesIn(versionOf(tenant, journey, item).graph);
    });
    return types?.get(node);
  };

  const complete = async (fact: Fact): Promise<readonly HistoryRow[]> => {
    const [owner, { version, ...route }] = await Promise.all([
      isOwned(fact) ? fact : ownerOf(fact),
      fact.version === undefined ? readStep(table, fact) : { version: fact.version },
    ]);
    if (owner === undefined || version === undefined) return [];
    const { journey, customer } = owner;
    const row = { ...fact, ...route, journey, customer, version };
    // What was looked up may have been written by hand, too, and one such row may not hold up all behind it.
    if (!isReadable(row)) return [];
    const nodeType = await nodeTypeOf(row);
    return [nodeType === undefined ? row : { ...row, nodeType }];
  };

  return async (changes) => {
    // The group that writes a step writes its instance too, so most owners stand in the changes themselves.
    for (const fact of changes.flatMap(({ after }) => factsOfRow(after))) {
      if (!isOwned(fact)) continue;
      const { tenant, instance, journey, customer } = fact;
      owners.keep(ownerKey(tenant, instance), { journey, customer });
    }
    const rows = await Promise.all(changes.flatMap(factsOfChange).map(complete));
    return rows.flat();
  };
}

/** A row that nobody of ours wrote may lead to a key that no row can have. */
function forgiving(table: Pick<Table, 'get'>): Pick<Table, 'get'> {
  return {
    get: async (key) => {
      try {
        return await table.get(key);
      } catch (error) {
        if (isKalciferError(error, 'table.misuse')) return undefined;
        throw error;
      }
    },
  };
}

function isOwned(fact: Fact): fact is Fact & Owner {
  return fact.journey !== undefined && fact.customer !== undefined;
}

function ownerKey(tenant: string, instance: string): string {
  return JSON.stringify([tenant, instance]);
}

/** What a delivery report leaves to the row of the step whose message it is about. */
async function readStep(
  table: Pick<Table, 'get'>,
  { tenant, instance, node = '' }: Fact,
): Promise<Missing> {
  const item = await table.get(keys.step(tenant, instance, node));
  if (item === undefined) return {};
  const { version, send } = stepOf(item);
  const { channel, provider } = send ?? {};
  return {
    version,
    ...(channel === undefined ? {} : { channel }),
    ...(provider === undefined ? {} : { provider }),
  };
}

/** Of a graph that this release cannot read, no types are known; its facts are facts all the same. */
function typesIn(graph: unknown): ReadonlyMap<string, string> {
  const parsed = parseGraph(graph);
  return new Map('problems' in parsed ? [] : parsed.graph.nodes.map(({ id, type }) => [id, type]));
}
