/**
 * Sends the message of one step at most once (semantics 7.10). The step's row is the claim: pending -> sending -> sent, failed or
 * unknown. A run that finds a claim whose owner is gone cannot know whether the message left; unless the provider itself
 * deduplicates, it is `unknown` and is not sent again.
 */
import type { FrequencyCap } from '../../journey/graph.ts';
import { messageKey } from '../../message-key.ts';
import type { Delivery, Message, RunContext } from '../../nodes/node-type.ts';
import type { OutgoingMessage, Provider } from '../../ports/channel.ts';
import { callProvider, type CallAnswer } from './call-provider.ts';
import { callOffIfEnded } from '../steps/cut-off.ts';
import type { EngineContext } from '../engine-context.ts';
import { failStep, startedStep } from '../steps/finish-step.ts';
import { withoutAnswersBefore } from '../steps/instance-moves.ts';
import { judgeAnswer } from './judge-answer.ts';
import { stepItem, type Send, type Step } from '../records/step.ts';
import { explainCap, reserveSend, writeWithRelease } from './reserve-send.ts';
import { settleMisconfigured, settleSend, type SendOutcome } from './settle-send.ts';
import type { Conflict } from '../look-again.ts';
import { mayStillBeSending } from './may-still-be-sending.ts';
import type { Going, NodeAnswer } from '../steps/run-node.ts';
import { TryAgain, Unavailable } from '../steps/steering.ts';
import { moveWrites } from '../steps/step-writes.ts';

/** Long enough for the provider's answer and for recording it. */
const leaseMs = 60_000;

export async function sendStep(
  ctx: EngineContext,
  begun: Going,
  outcome: SendOutcome,
  context: RunContext,
): Promise<NodeAnswer | Conflict> {
  if (outcome.message.to === undefined) {
    return settleUnsent(ctx, begun, outcome, context, {
      status: 'skipped',
      detail: `the customer has no address for ${outcome.message.channel}`,
    });
  }
  const provider = ctx.channels.find(outcome.message);
  if (provider === undefined) return failStep(ctx, begun, noProvider(outcome.message));
  const interrupted = begun.step?.status === 'sending' ? begun.step.send : undefined;
  if (interrupted !== undefined && !provider.channel.idempotent) {
    // Patience for longer than the lease: retries of a failure might be used up before it is known what became of the message.
    if (mayStillBeSending(ctx, interrupted)) throw new Unavailable('The message is being sent.');
    return settleSend(ctx, begun, outcome, context, interrupted, {
      status: 'unknown',
      detail: 'the process ended while the provider was being called',
    });
  }
  const claimed = await claimSend(ctx, begun, outcome, provider);
  if (claimed === 'conflict') return 'conflict';
  if ('capped' in claimed) return settleCapped(ctx, begun, outcome, context, claimed.capped);
  const answer = await callProvider(ctx, provider, messageOf(claimed.begun, outcome));
  const { idempotent } = provider.channel;
  return followAnswer(ctx, { ...claimed, outcome, context, idempotent }, answer);
}

function settleCapped(
  ctx: EngineContext,
  begun: Going,
  outcome: SendOutcome,
  context: RunContext,
  cap: FrequencyCap,
): Promise<NodeAnswer> {
  const detail = explainCap(cap);
  const before = begun.step?.send;
  if (before?.at === undefined) {
    return settleUnsent(ctx, begun, outcome, context, { status: 'capped', detail });
  }
  return settleSend(ctx, begun, outcome, context, before, {
    status: 'unknown',
    detail: `an attempt broke off, and there is no other: ${detail}`,
  });
}

/** Ends the step without calling a provider. */
function settleUnsent(
  ctx: EngineContext,
  begun: Going,
  outcome: SendOutcome,
  context: RunContext,
  delivery: Delivery,
): Promise<NodeAnswer> {
  const { channel } = outcome.message;
  const attempt = begun.step?.send?.attempt ?? 0;
  const send: Send = { channel, status: delivery.status, attempt };
  return settleSend(ctx, begun, outcome, context, send, delivery);
}

/** From here on, no other run may call the provider for this step; and every cap has a place for it, or nothing is claimed. */
async function claimSend(
  ctx: EngineContext,
  begun: Going,
  outcome: SendOutcome,
  provider: Provider,
): Promise<{ begun: Going; send: Send } | { capped: FrequencyCap } | Conflict> {
  const now = ctx.clock.now();
  const before = begun.instance;
  const { channel } = outcome.message;
  const instead = begun.step?.send?.at;
  const reservation = await reserveSend(ctx, before, begun.node, {
    channel,
    at: now,
    ...(instead === undefined ? {} : { instead }),
  });
  if (reservation.kind === 'capped') return { capped: reservation.by };
  const send: Send = {
    channel,
    provider: provider.name,
    status: 'sending',
    attempt: (begun.step?.send?.attempt ?? 0) + 1,
    at: now,
    ...(instead === undefined ? {} : { uncertain: true }),
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
    writes: moveWrites({ before, after, step, now, also: [reservation.write] }),
  });
  return answer.done ? { begun: { ...begun, instance: after, step }, send } : 'conflict';
}

/** A message whose provider has answered. */
interface Answered {
  readonly begun: Going;
  readonly send: Send;
  readonly outcome: SendOutcome;
  readonly context: RunContext;
  readonly idempotent: boolean;
}

async function followAnswer(
  ctx: EngineContext,
  { begun, send, outcome, context, idempotent }: Answered,
  answer: CallAnswer,
): Promise<NodeAnswer> {
  const waitedMs = ctx.clock.now() - (begun.step?.startedAt ?? ctx.clock.now());
  const { attempt: count, uncertain = false } = send;
  const verdict = judgeAnswer(answer, { attempt: count, waitedMs, idempotent, uncertain });
  switch (verdict.kind) {
    case 'settle':
      return settleSend(ctx, begun, outcome, context, send, verdict.delivery);
    case 'fail':
      return settleMisconfigured(ctx, begun, send, {
        code: 'channel_misconfigured',
        detail: verdict.detail,
      });
    case 'again': {
      const attempt = verdict.counts ? count : count - 1;
      const mayHaveLeft = answer.kind === 'unknown' ? { uncertain: true } : {};
      await releaseClaim(ctx, begun, { ...send, attempt, ...mayHaveLeft }, verdict.reason);
      const why = `The provider did not take the message: ${verdict.reason}`;
      throw verdict.counts ? new TryAgain(why) : new Unavailable(why);
    }
  }
}

/** The message did not leave, or may be repeated: the next attempt may claim it again. */
async function releaseClaim(
  ctx: EngineContext,
  begun: Going,
  send: Send,
  reason: string,
): Promise<void> {
  const { owner: _owner, leaseUntil: _leaseUntil, at, ...kept } = send;
  const step: Step = {
    ...startedStep(begun, ctx.clock.now()),
    status: 'retrying',
    send: {
      ...kept,
      ...(send.uncertain === true && at !== undefined ? { at } : {}),
      status: 'retrying',
      detail: reason,
    },
  };
  await writeWithRelease(ctx, begun.instance, send, {
    name: 'send.release',
    writes: [{ put: stepItem(step), if: { equals: { status: 'sending' } } }],
  });
  await callOffIfEnded(ctx, step);
}

function noProvider({ channel, provider }: Message): { code: string; detail: string } {
  return provider === undefined
    ? {
        code: 'channel_not_configured',
        detail: `No provider is configured for channel ${channel}.`,
      }
    : { code: 'provider_unknown', detail: `Channel ${channel} has no provider "${provider}".` };
}

/** The key has no version and no attempt in it: one message per instance and node, for ever (semantics 3.5). */
function messageOf(begun: Going, outcome: SendOutcome): OutgoingMessage {
  const { tenant, id, journey, customer } = begun.instance;
  const { to, ...message } = outcome.message;
  return {
    key: messageKey({ tenant, instance: id, node: begun.node.id }),
    tenant,
    customer,
    journey,
    instance: id,
    node: begun.node.id,
    to: to ?? '',
    ...message,
  };
}
