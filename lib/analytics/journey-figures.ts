/** The first figures of a journey: who entered and how it ended, what happened at each node, what became of messages, conversions. */
import type { Clickhouse } from './clickhouse.ts';
import { factsInScope, readFigures, type Scope } from './scope.ts';

export interface InstanceFigures {
  readonly entered: number;
  readonly completed: number;
  readonly exited: number;
  readonly failed: number;
}

/** Entered is who has a row `entered`, and nobody else: an instance has many rows. */
export async function instanceFigures(
  clickhouse: Clickhouse,
  scope: Scope,
): Promise<InstanceFigures> {
  const [figures] = await readFigures<InstanceFigures>(
    clickhouse,
    scope,
    `SELECT
       countIf(kind = 'entered') AS entered,
       countIf(kind = 'ended' AND status = 'completed') AS completed,
       countIf(kind = 'ended' AND status = 'exited') AS exited,
       countIf(kind = 'ended' AND status = 'failed') AS failed
     ${factsInScope} AND kind IN ('entered', 'ended')`,
  );
  return figures ?? { entered: 0, completed: 0, exited: 0, failed: 0 };
}

export interface NodeFigures {
  readonly node: string;
  readonly nodeType: string;
  /** Instances that have a step here. */
  readonly reached: number;
  /** Of these, the ones whose step is not over. */
  readonly open: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Steps by the branch that they took. */
  readonly branches: Readonly<Record<string, number>>;
}

/** Nodes that nobody reached are not among them. */
export async function nodeFigures(
  clickhouse: Clickhouse,
  scope: Scope,
): Promise<readonly NodeFigures[]> {
  return readFigures(
    clickhouse,
    scope,
    `SELECT
       node,
       max(node_type) AS nodeType,
       uniqExact(instance) AS reached,
       reached - countIf(kind = 'step_ended') AS open,
       countIf(kind = 'step_ended' AND status = 'completed') AS completed,
       countIf(kind = 'step_ended' AND status = 'failed') AS failed,
       countIf(kind = 'step_ended' AND status = 'cancelled') AS cancelled,
       sumMapIf(map(branch, toUInt64(1)), kind = 'step_ended' AND branch != '') AS branches
     ${factsInScope} AND kind IN ('step_started', 'step_ended')
     GROUP BY node
     ORDER BY reached DESC, node`,
  );
}

export interface MessageFigures {
  readonly node: string;
  readonly channel: string;
  /** What our own calls found. */
  readonly sent: number;
  readonly failed: number;
  readonly skipped: number;
  readonly capped: number;
  readonly unknown: number;
  /** What providers reported later. */
  readonly delivered: number;
  readonly bounced: number;
}

export async function messageFigures(
  clickhouse: Clickhouse,
  scope: Scope,
): Promise<readonly MessageFigures[]> {
  const settled = ['sent', 'failed', 'skipped', 'capped', 'unknown'].map(
    (status) => `countIf(kind = 'send_settled' AND status = '${status}') AS ${status}`,
  );
  const reported = ['delivered', 'bounced'].map(
    (status) => `countIf(kind = 'delivery_reported' AND status = '${status}') AS ${status}`,
  );
  return readFigures(
    clickhouse,
    scope,
    `SELECT node, max(channel) AS channel, ${[...settled, ...reported].join(', ')}
     ${factsInScope} AND kind IN ('send_settled', 'delivery_reported')
     GROUP BY node
     ORDER BY node`,
  );
}

export interface ConversionFigures {
  readonly name: string;
  readonly conversions: number;
  readonly customers: number;
  /** Of those that have one. */
  readonly value: number;
}

export async function conversionFigures(
  clickhouse: Clickhouse,
  scope: Scope,
): Promise<readonly ConversionFigures[]> {
  return readFigures(
    clickhouse,
    scope,
    `SELECT
       name,
       count() AS conversions,
       uniqExact(customer) AS customers,
       ifNull(sum(value), 0) AS value
     ${factsInScope} AND kind = 'converted'
     GROUP BY name
     ORDER BY conversions DESC, name`,
  );
}
