/** Gathers what a node may look at: only what its type says it needs is read. */
import type { SendTimes } from '../../journey/frequency-cap.ts';
import type { JsonObject } from '../../json.ts';
import type { Facts, Need, RunContext, SegmentFact, Template } from '../../nodes/node-type.ts';
import type { EngineContext } from '../engine-context.ts';
import { isUnavailable } from '../leave-to-sweeper.ts';
import { readResults } from '../instances/read-steps.ts';
import type { PreparedNode } from '../journeys/prepared-version.ts';
import type { EntryEvent, Instance } from '../records/instance.ts';
import { keys } from '../records/keys.ts';
import { profileFacts, profileOf } from '../records/profile.ts';
import { sendTimesOf } from '../records/send-times.ts';
import { readTemplateIfThere } from '../sends/templates.ts';

/** @param startedAt when the step was first tried, in epoch milliseconds; absent the first time */
export async function runContextOf(
  ctx: EngineContext,
  instance: Instance,
  node: PreparedNode,
  startedAt?: number,
): Promise<RunContext> {
  const templateId = node.type.template?.(node.config);
  const template =
    templateId === undefined ? undefined : await templateOf(ctx, instance.tenant, templateId);
  const needs = node.type.needs?.(node.config, template) ?? [];
  const facts = await factsOf(ctx, instance, needs);
  const segment =
    node.type.segment === undefined ? undefined : await segmentFact(ctx, instance, node);
  const now = ctx.clock.now();
  return {
    now,
    startedAt: startedAt ?? now,
    tenant: instance.tenant,
    journey: instance.journey,
    instance: instance.id,
    customer: instance.customer,
    node: node.id,
    facts,
    ...(template === undefined ? {} : { template }),
    ...(segment === undefined ? {} : { segment }),
    ...(needs.includes('sends') ? { sends: await sendsOf(ctx, instance) } : {}),
  };
}

/** A store that is away is a fact like any other: what follows from it, the node says. */
async function segmentFact(
  ctx: EngineContext,
  { tenant, customer }: Instance,
  node: PreparedNode,
): Promise<SegmentFact | undefined> {
  const segment = node.type.segment?.(node.config);
  if (segment === undefined) return undefined;
  try {
    const found = await ctx.segmentStore.find({ tenant, segment, customer });
    return found === undefined ? undefined : { kind: 'known', ...found };
  } catch (error) {
    if (isUnavailable(error)) return { kind: 'unavailable' };
    throw error;
  }
}

/** What paths begin in; of what takes a read, only what is needed. */
export async function factsOf(
  ctx: EngineContext,
  instance: Instance,
  needs: readonly Need[],
): Promise<Facts> {
  return {
    customer: needs.includes('customer')
      ? await customerFacts(ctx, instance)
      : { id: instance.customer },
    event: eventFacts(instance.event),
    context: instance.context ?? {},
    accumulated: needs.includes('accumulated') ? await readResults(ctx.table, instance) : {},
  };
}

async function customerFacts(ctx: EngineContext, instance: Instance): Promise<JsonObject> {
  const item = await ctx.table.get(keys.profile(instance.tenant, instance.customer));
  return profileFacts(instance.customer, profileOf(item));
}

async function sendsOf(ctx: EngineContext, { tenant, customer }: Instance): Promise<SendTimes> {
  return sendTimesOf(await ctx.table.get(keys.sendTimes(tenant, customer))).sends;
}

/** The entry event's data stands at the top, so that `event.plan` reads as people write it. */
function eventFacts(event: EntryEvent | undefined): JsonObject {
  if (event === undefined) return {};
  return { id: event.id, type: event.type, ...event.data, data: event.data };
}

async function templateOf(
  ctx: EngineContext,
  tenant: string,
  id: string,
): Promise<Template | undefined> {
  const template = await readTemplateIfThere(ctx, { tenant, template: id });
  return template ?? (ctx.templatesMustExist ? undefined : { id, body: '' });
}
