/**
 * A channel that records instead of sending, and that can be told to refuse, to fail, to hang, or to take the message and lose the
 * answer. It stands for a provider outside the process: what it has accepted stays accepted whatever dies. The one of webhooks
 * knows keys that it has seen, as their receivers do, and can answer with a status and a body.
 */
import { webhookAnswer } from '../adapters/webhook/webhook-answer.ts';
import type { Json } from '../json.ts';
import type { Channel, ChannelAnswer, OutgoingMessage } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';
import { never, type Crash } from './crash.ts';
import type { Turns } from './turns.ts';

export type ScriptedAnswer =
  | 'accept'
  /** Permanently, this recipient. */
  | 'refuse'
  | 'transient'
  | 'hang'
  | 'accept_then_lose_answer'
  /** What the receiver of a webhook answers; it means what it means outside: 2xx taken, 503 try again, 404 refused. */
  | ScriptedResponse;

interface ScriptedResponse {
  readonly status: number;
  readonly body?: Json;
}

export interface AcceptedMessage extends OutgoingMessage {
  /** Epoch milliseconds. */
  readonly acceptedAt: number;
}

/** The provider: outlives processes. */
export interface FakeProvider {
  readonly accepted: readonly AcceptedMessage[];
  /** The next calls are answered like this; afterwards messages are accepted again. */
  next(answer: ScriptedAnswer, times: number): void;
  /** The channel as one process sees it. */
  channelFor(process: { readonly turns: Turns; readonly crash: Crash }): Channel;
}

/** @param idempotent whether it takes each key once, however often it is called with it */
export function fakeProvider(clock: Clock, { idempotent = false } = {}): FakeProvider {
  const accepted: AcceptedMessage[] = [];
  const script: ScriptedAnswer[] = [];
  const accept = (message: OutgoingMessage): void => {
    if (idempotent && accepted.some(({ key }) => key === message.key)) return;
    accepted.push({ ...message, acceptedAt: clock.now() });
  };
  const respond = (message: OutgoingMessage, { status, body }: ScriptedResponse): ChannelAnswer => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const answer = webhookAnswer(message, { status, text, cut: false });
    if (answer.kind === 'accepted') accept(message);
    return answer;
  };
  const call = (message: OutgoingMessage): ChannelAnswer | 'hang' | 'lost' => {
    const answer = script.shift() ?? 'accept';
    if (typeof answer === 'object') return respond(message, answer);
    switch (answer) {
      case 'refuse':
        return { kind: 'refused', reason: 'refused by the fake provider' };
      case 'transient':
        return { kind: 'transient', reason: 'the fake provider is busy' };
      case 'hang':
        return 'hang';
      case 'accept':
      case 'accept_then_lose_answer':
        accept(message);
        return answer === 'accept'
          ? { kind: 'accepted', providerMessageId: `fake-${accepted.length}` }
          : 'lost';
    }
  };
  return {
    accepted,
    next: (answer, times) => {
      for (let time = 0; time < times; time++) script.push(answer);
    },
    channelFor: ({ turns, crash }) => ({
      idempotent,
      send: async (message) => {
        const answer = await turns.take(async () => {
          if (crash.happened()) return never<ReturnType<typeof call>>();
          crash.reach('provider.call:before');
          if (crash.happened()) return never<ReturnType<typeof call>>();
          const answered = call(message);
          crash.reach('provider.call:after');
          return crash.happened() ? never<ReturnType<typeof call>>() : answered;
        });
        if (answer === 'hang') return never();
        if (answer === 'lost') throw new Error('the connection broke');
        return answer;
      },
    }),
  };
}
