/**
 * A channel that records instead of sending, and that can be told to refuse, to fail, to hang, or to take the message and lose the
 * answer. It stands for a provider outside the process: what it has accepted stays accepted whatever dies.
 */
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
  | 'accept_then_lose_answer';

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

export function fakeProvider(clock: Clock): FakeProvider {
  const accepted: AcceptedMessage[] = [];
  const script: ScriptedAnswer[] = [];
  const call = (message: OutgoingMessage): ChannelAnswer | 'hang' | 'lost' => {
    const answer = script.shift() ?? 'accept';
    switch (answer) {
      case 'refuse':
        return { kind: 'refused', reason: 'refused by the fake provider' };
      case 'transient':
        return { kind: 'transient', reason: 'the fake provider is busy' };
      case 'hang':
        return 'hang';
      case 'accept':
      case 'accept_then_lose_answer':
        accepted.push({ ...message, acceptedAt: clock.now() });
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
      idempotent: false,
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
