/** A queue as SQS is one: each message comes at least once, in any order, some twice; what is not acknowledged comes again. */
import type { RowMessage } from '../../lib/analytics/record-messages.ts';
import type { Chance } from '../../lib/ports/chance.ts';

export interface FakeQueue {
  put(bodies: readonly string[]): void;
  size(): number;
  /** Hands out what is there, in batches; `work` answers the ids of what has to come again. */
  deliver(work: (batch: readonly RowMessage[]) => Promise<readonly string[]>): Promise<void>;
}

const batchMax = 10;

export function fakeQueue(chance: Chance): FakeQueue {
  const waiting = new Map<string, string>();
  let put = 0;
  return {
    put: (bodies) => {
      for (const body of bodies) waiting.set(`m${(put += 1)}`, body);
    },
    size: () => waiting.size,
    deliver: async (work) => {
      const shuffled = [...waiting]
        .flatMap((message) => (chance.next() < 0.2 ? [message, message] : [message]))
        .map((message) => [chance.next(), message] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, [id, body]]) => ({ id, body }));
      for (let from = 0; from < shuffled.length; from += batchMax) {
        const batch = shuffled.slice(from, from + batchMax);
        const again = await work(batch);
        // Now and then an acknowledgement is lost.
        const isLost = chance.next() < 0.2;
        for (const { id } of batch) if (!again.includes(id) && !isLost) waiting.delete(id);
      }
    },
  };
}
