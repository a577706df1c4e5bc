/** Calls a provider for one claimed message: not while it is being spared, and not for longer than an answer may take. */
import type { ChannelAnswer, OutgoingMessage, Provider } from '../../ports/channel.ts';
import type { Circuit } from './circuit-breaker.ts';
import type { EngineContext } from '../engine-context.ts';
import { withinTime } from '../within-time.ts';

/** A provider that has not answered by then counts as unknown. */
const providerAnswerMsMax = 30_000;

export type CallAnswer =
  | ChannelAnswer
  /** It was not called: it has failed too often, and is spared for a while. */
  | { readonly kind: 'held'; readonly reason: string };

export async function callProvider(
  ctx: EngineContext,
  { name, channel }: Provider,
  message: OutgoingMessage,
): Promise<CallAnswer> {
  const circuit = circuitOf(name, message);
  if (!ctx.breaker.admit(circuit)) {
    return {
      kind: 'held',
      reason: `provider ${circuit.provider} keeps failing and is not called for a while`,
    };
  }
  const msMax = message.request?.timeoutMs ?? providerAnswerMsMax;
  const answer = await answerOf(ctx, msMax, () => channel.send(message));
  const failed = answer.kind === 'transient' || answer.kind === 'unknown';
  ctx.breaker.tell(circuit, failed ? 'failed' : 'answered');
  return answer;
}

/** Behind a webhook stands whoever is called: each host has a circuit of its own. */
function circuitOf(name: string, { tenant, channel, to }: OutgoingMessage): Circuit {
  const isCalled = channel === 'webhook' && URL.canParse(to);
  return { tenant, channel, provider: isCalled ? `${name} ${new URL(to).host}` : name };
}

async function answerOf(
  ctx: EngineContext,
  msMax: number,
  call: () => Promise<ChannelAnswer>,
): Promise<ChannelAnswer> {
  try {
    const answer = await withinTime(ctx.clock, msMax, call());
    return answer ?? { kind: 'unknown', reason: 'the provider did not answer in time' };
  } catch {
    return { kind: 'unknown', reason: 'the call to the provider broke off' };
  }
}
