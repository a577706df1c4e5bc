/**
 * Sends the message of one step at most once (semantics 7.10). The step's row is the claim: pending -> sending -> sent, failed or
 * unknown. A run that finds a claim whose owner is gone cannot know whether the message left; unless the provider itself
 * deduplicates, it is `unknown` and is not sent again.
 */
import { retriesMax } from '../nodes/machine-contract.ts';
import type { Delivery, RunContext } from '../nodes/node-type.ts';
import type { Channel, ChannelAnswer, OutgoingMessage } from '../ports/channel.ts';
import type { EngineContext } from './engine-context.ts';
import { failStep, startedStep } from './finish-step.ts';
import { withoutAnswersBefore } from './instance-moves.ts';
import { stepItem, type Send, type Step } from './records/step.ts';
import { settleSend, type SendOutcome } from './settle-send.ts';
import type { Conflict } from './look-again.ts';
import type { Going, NodeAnswer } from './run-node.ts';
import { TryAgain } from './steering.ts';
import { moveWrites } from './step-writes.ts';
import { withinTime } from './within-time.ts';

/** A provider that has not answered by then counts as unknown. */
const providerAnswerMsMax = 30_000;
/** Long enough for the provider's answer and for recording it. */
const leaseMs = 60_000;

export async function sendStep(
  ctx: EngineContext,
  begun: Going,
  outcome: SendOutcome,
  context: RunContext,
): Promise<NodeAnswer | Conflict> {
  if (outcome.message.to === undefined) {
    const send: Send = { channel: outcome.message.channel, status: 'skipped', attempt: 0 };
    return settleSend(ctx, begun, outcome, context, send, {
      status: 'skipped',
      detail: `the customer has no address for ${outcome.message.channel}`,
    });
  }
  const channel = ctx.channels.get(outcome.message.channel);
  if (channel === undefined) {
    return failStep(ctx, begun, {
      code: 'channel_not_configured',
      detail: `No provider is configured for channel ${outcome.message.channel}.`,
    });
  }
  const interrupted = begun.step?.status === 'sending' ? begun.step.send : undefined;
  if (interrupted !== undefined && !channel.idempotent) {
    if (mayStillBeSending(ctx, interrupted)) throw new TryAgain('The message is being sent.');
    return settleSend(ctx, begun, outcome, context, interrupted, {
      status: 'unknown',
      detail: 'the process ended while the provider was being called',
    });
  }
  const claimed = await claimSend(ctx, begun, outcome);
  if (claimed === 'conflict') return 'conflict';
  const answer = await callProvider(ctx, channel, messageOf(claimed.begun, outcome));
  return recordAnswer(ctx, claimed.begun, outcome, context, claimed.send, answer);
}

/** From here on, no other run may call the provider for this step. */
async function claimSend(
  ctx: EngineContext,
  begun: Going,
  outcome: SendOutcome,
): Promise<{ begun: Going; send: Send } | Conflict> {
  const now = ctx.clock.now();
  const before = begun.instance;
  const send: Send = {
    channel: outcome.message.channel,
    status: 'sending',
    attempt: (begun.step?.send?.attempt ?? 0) + 1,
    owner: ctx.process.id,
    leaseUntil: now + leaseMs,
  };
  const step: Step = { ...startedStep(begun, now), status: 'sending', send };
  const after = withoutAnswersBefore(
    {
      ...before,
      status: before.status === 'pending' ? 'running' : before.status,
      revision: before.revision + 1,
    },
    begun.version,
    begun.node.id,
  );
  const answer = await ctx.table.write({
    name: 'send.claim',
    writes: moveWrites({ before, after, step, now }),
  });
  return answer.done ? { begun: { ...begun, instance: after, step }, send } : 'conflict';
}

async function callProvider(
  ctx: EngineContext,
  channel: Channel,
  message: OutgoingMessage,
): Promise<ChannelAnswer> {
  try {
    const answer = await withinTime(ctx.clock, providerAnswerMsMax, channel.send(message));
    return answer ?? { kind: 'unknown', reason: 'the provider did not answer in time' };
  } catch {
    return { kind: 'unknown', reason: 'the call to the provider broke off' };
  }
}

async function recordAnswer(
  ctx: EngineContext,
  begun: Going,
  outcome: SendOutcome,
  context: RunContext,
  send: Send,
  answer: ChannelAnswer,
): Promise<NodeAnswer | Conflict> {
  if (answer.kind !== 'transient') {
    return settleSend(ctx, begun, outcome, context, send, deliveryOf(answer));
  }
  if (send.attempt > retriesMax) {
    return settleSend(ctx, begun, outcome, context, send, {
      status: 'failed',
      detail: `given up after ${send.attempt} attempts: ${answer.reason}`,
    });
  }
  await releaseClaim(ctx, begun, send, answer.reason);
  throw new TryAgain(`The provider did not take the message: ${answer.reason}`);
}

/** The message certainly did not leave: the next attempt may claim it again. */
async function releaseClaim(
  ctx: EngineContext,
  begun: Going,
  send: Send,
  reason: string,
): Promise<void> {
  const { owner: _owner, leaseUntil: _leaseUntil, ...kept } = send;
  const step: Step = {
    ...startedStep(begun, ctx.clock.now()),
    status: 'retrying',
    send: { ...kept, status: 'retrying', detail: reason },
  };
  await ctx.table.write({
    name: 'send.release',
    writes: [{ put: stepItem(step), if: { equals: { status: 'sending' } } }],
  });
}

function mayStillBeSending(ctx: EngineContext, send: Send): boolean {
  return (
    send.owner !== undefined &&
    ctx.process.mayBeAlive(send.owner) &&
    (send.leaseUntil ?? 0) > ctx.clock.now()
  );
}

function deliveryOf(answer: Exclude<ChannelAnswer, { kind: 'transient' }>): Delivery {
  switch (answer.kind) {
    case 'accepted':
      return { status: 'sent', providerMessageId: answer.providerMessageId };
    case 'refused':
      return { status: 'failed', detail: answer.reason };
    case 'unknown':
      return { status: 'unknown', detail: answer.reason };
  }
}

/** The key has no version and no attempt in it: one message per instance and node, for ever (semantics 3.5). */
function messageOf(begun: Going, outcome: SendOutcome): OutgoingMessage {
  const { tenant, id, journey, customer } = begun.instance;
  const { to, ...message } = outcome.message;
  return {
    key: `${tenant}/${id}/${begun.node.id}`,
    tenant,
    customer,
    journey,
    instance: id,
    node: begun.node.id,
    to: to ?? '',
    ...message,
  };
}
