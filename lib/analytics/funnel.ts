/** The funnel: how many instances reached the first of some nodes, how many of these the second too, and so on. */
import { KalciferError } from '../kalcifer-error.ts';
import type { Clickhouse } from './clickhouse.ts';
import { factsInScope, readFigures, type Scope } from './scope.ts';

export interface FunnelPlace {
  readonly node: string;
  readonly instances: number;
}

const placesMax = 50;

/** @throws KalciferError `input.invalid` when there are no nodes, or more than fifty */
export async function funnel(
  clickhouse: Clickhouse,
  scope: Scope,
  nodes: readonly string[],
): Promise<readonly FunnelPlace[]> {
  if (nodes.length === 0 || nodes.length > placesMax) {
    throw new KalciferError('input.invalid', `A funnel has 1 to ${placesMax} nodes.`);
  }
  const places = await readFigures<{ place: number; instances: number }>(
    clickhouse,
    scope,
    `SELECT place, countIf(level >= place) AS instances
     FROM
     (
       SELECT
         groupUniqArray(node) AS reached,
         arrayFirstIndex(one -> NOT has(reached, one), {nodes:Array(String)}) AS missing,
         if(missing = 0, length({nodes:Array(String)}), missing - 1) AS level
       ${factsInScope} AND kind IN ('step_started', 'step_ended')
       GROUP BY instance
     )
     ARRAY JOIN arrayEnumerate({nodes:Array(String)}) AS place
     GROUP BY place`,
    { nodes },
  );
  return nodes.map((node, at) => ({
    node,
    instances: places.find(({ place }) => place === at + 1)?.instances ?? 0,
  }));
}
