/** A provider that takes every message at once: the load is on the engine, not on a provider. It counts what it took. */
import type { Channel } from '../lib/ports/channel.ts';

export function acceptingChannel(): Channel & { accepted(): number } {
  let accepted = 0;
  return {
    idempotent: false,
    accepted: () => accepted,
    send: () => {
      accepted += 1;
      return Promise.resolve({ kind: 'accepted', providerMessageId: String(accepted) });
    },
  };
}
