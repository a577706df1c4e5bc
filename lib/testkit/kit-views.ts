/** What the test kit shows of instances, steps, sends and conversions: plain values, times as ISO 8601 in UTC. */
import type { EngineContext } from '../engine/engine-context.ts';
import { readTimeline, readResults } from '../engine/instances/read-steps.ts';
import type { Instance } from '../engine/records/instance.ts';
import type { JsonObject } from '../json.ts';
import { spellInstant } from '../journey/instant.ts';
import type { InstanceStatus } from '../journey/lifecycle.ts';
import type { AcceptedMessage } from './fake-channel.ts';

export interface InstanceView {
  readonly customer: string;
  readonly status: InstanceStatus;
  readonly exitReason?: string;
  readonly version: number;
  readonly epoch: number;
  /** Nodes where the customer is now, sorted. */
  readonly positions: readonly string[];
  /** When each open wait ends, by node. */
  readonly deadlines: Readonly<Record<string, string>>;
  readonly enteredAt: string;
  readonly completedAt?: string;
  /** Results of the steps so far, by node. */
  readonly accumulated: JsonObject;
}

export interface StepView {
  readonly node: string;
  readonly type: string;
  readonly status: string;
  readonly branch?: string;
  readonly result?: JsonObject;
  /** Why it went this way, in plain words. */
  readonly reason: string;
  /** What the node itself noted. */
  readonly notes: readonly string[];
  readonly version: number;
  readonly startedAt: string;
  readonly endedAt?: string;
}

export interface SendView extends Omit<AcceptedMessage, 'acceptedAt'> {
  readonly at: string;
}

export interface DeliveryView {
  readonly node: string;
  readonly channel: string;
  readonly status: string;
}

export interface ConversionView {
  readonly name: string;
  readonly instance: string;
  readonly node: string;
  readonly customer: string;
  readonly value?: number;
  readonly metadata?: JsonObject;
}

export async function instanceView(ctx: EngineContext, instance: Instance): Promise<InstanceView> {
  const { status, exitReason, version, epoch, tokens, completedAt } = instance;
  const deadlines: Record<string, string> = {};
  for (const { node, wait } of tokens)
    if (wait !== undefined) deadlines[node] = spellInstant(wait.deadline);
  return {
    customer: instance.customer,
    status,
    ...(exitReason === undefined ? {} : { exitReason }),
    version,
    epoch,
    positions: tokens.map(({ node }) => node).toSorted(),
    deadlines,
    enteredAt: spellInstant(instance.enteredAt),
    ...(completedAt === undefined ? {} : { completedAt: spellInstant(completedAt) }),
    accumulated: await readResults(ctx.table, instance),
  };
}

export async function stepViews(ctx: EngineContext, instance: Instance): Promise<StepView[]> {
  const steps = await readTimeline(ctx, instance);
  return steps.map(
    ({ node, type, status, branch, result, reason, notes, version, startedAt, endedAt }) => ({
      node,
      type,
      status,
      ...(branch === undefined ? {} : { branch }),
      ...(result === undefined ? {} : { result }),
      reason,
      notes: notes ?? [],
      version,
      startedAt: spellInstant(startedAt),
      ...(endedAt === undefined ? {} : { endedAt: spellInstant(endedAt) }),
    }),
  );
}

export async function deliveryViews(
  ctx: EngineContext,
  instance: Instance,
): Promise<DeliveryView[]> {
  const steps = await readTimeline(ctx, instance);
  return steps.flatMap(({ node, send }) =>
    send === undefined ? [] : [{ node, channel: send.channel, status: send.status }],
  );
}

export async function conversionViews(
  ctx: EngineContext,
  instance: Instance,
): Promise<ConversionView[]> {
  const steps = await readTimeline(ctx, instance);
  return steps.flatMap(({ node, conversion }) =>
    conversion === undefined
      ? []
      : [{ ...conversion, instance: instance.id, node, customer: instance.customer }],
  );
}

export function sendView({ acceptedAt, ...message }: AcceptedMessage): SendView {
  return { ...message, at: spellInstant(acceptedAt) };
}
