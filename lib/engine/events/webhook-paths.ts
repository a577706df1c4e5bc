/** Which paths a journey's webhooks answer at: taken when it is published, given back when a later version has them no more. */
import type { Graph } from '../../journey/graph.ts';
import { idBytes } from '../../journey/id-size.ts';
import type { Problem } from '../../kalcifer-error.ts';
import type { NodeType } from '../../nodes/node-type.ts';
import type { Write } from '../../ports/table.ts';
import type { EngineContext } from '../engine-context.ts';
import { entryNodes } from '../journeys/typed-nodes.ts';
import { readPartition } from '../read-pages.ts';
import { journeyOf } from '../records/journey.ts';
import { keys, webhooksPk } from '../records/keys.ts';
import { stillHeldBy, webhookItem, webhookOf, type Webhook } from '../records/webhook.ts';

interface OfJourney {
  readonly tenant: string;
  readonly journey: string;
}

/** Bytes; no journey can be drawn with a longer one. */
const webhookPathMax = 200;

/** A path that another journey answers at cannot be had, unless that one is `leaving`. */
export async function webhookProblems(
  ctx: EngineContext,
  { tenant, journey, leaving }: OfJourney & { readonly leaving?: ReadonlySet<string> },
  graph: Graph,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { path, node } of webhooksIn(journey, graph, ctx.nodeTypes)) {
    const taken = await readWebhook(ctx, { tenant, path });
    if (taken === undefined || leaving?.has(taken.journey) === true) continue;
    if (await mayHave(ctx, { tenant, journey }, taken)) continue;
    problems.push({
      code: 'graph.webhook_path_taken',
      node,
      message: `node "${node}" has the webhook path "${path}", which belongs to journey "${taken.journey}"`,
      hint: 'Choose another path: each belongs to one journey.',
    });
  }
  return problems;
}

/** Writes that give the journey its paths and take back those it has no more; they fail when somebody else was quicker. */
export async function webhookWrites(
  ctx: EngineContext,
  { tenant, journey }: OfJourney,
  graph: Graph | undefined,
): Promise<readonly Write[]> {
  const wanted = graph === undefined ? [] : webhooksIn(journey, graph, ctx.nodeTypes);
  const writes: Write[] = [];
  for (const webhook of wanted) {
    const before = await readWebhook(ctx, { tenant, path: webhook.path });
    const isFree = before === undefined || (await mayHave(ctx, { tenant, journey }, before));
    // Whoever was quicker than the check has it: the condition fails, and the graph is checked again.
    writes.push({ put: webhookItem(tenant, webhook), if: isFree ? stillHeldBy(before) : 'absent' });
  }
  const kept = new Set(wanted.map(({ path }) => path));
  for await (const item of readPartition(ctx.table, { pk: webhooksPk(tenant) })) {
    const { path, journey: owner } = webhookOf(item);
    if (owner === journey && !kept.has(path)) writes.push({ delete: keys.webhook(tenant, path) });
  }
  return writes;
}

/** A path is free for its own journey, and when its journey is archived. */
async function mayHave(
  ctx: EngineContext,
  { tenant, journey }: OfJourney,
  { journey: owner }: Webhook,
): Promise<boolean> {
  if (owner === journey) return true;
  const item = await ctx.table.get(keys.journey(tenant, owner));
  return item === undefined || journeyOf(tenant, item).status === 'archived';
}

/** The webhook at this path, if any journey answers there. */
export async function readWebhook(
  ctx: Pick<EngineContext, 'table'>,
  { tenant, path }: { readonly tenant: string; readonly path: string },
): Promise<Webhook | undefined> {
  if (idBytes(path) > webhookPathMax) return undefined;
  const item = await ctx.table.get(keys.webhook(tenant, path));
  return item === undefined ? undefined : webhookOf(item);
}

function webhooksIn(
  journey: string,
  graph: Graph,
  nodeTypes: ReadonlyMap<string, NodeType>,
): readonly Webhook[] {
  return entryNodes(graph, nodeTypes).flatMap(({ id: node, type, config }): Webhook[] => {
    const trigger = type.entry?.(config);
    if (trigger?.kind !== 'webhook') return [];
    const { path, secretRef } = trigger;
    return [{ path, journey, node, ...(secretRef === undefined ? {} : { secretRef }) }];
  });
}
