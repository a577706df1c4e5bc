/** A provider that is a file: each message is a line with its key, and what was appended before a kill stays. */
import { appendFileSync } from 'node:fs';
import type { Channel } from '../../lib/ports/channel.ts';

export function fileChannel(file: string): Channel {
  return {
    idempotent: false,
    send: async ({ key }) => {
      // The provider takes a moment, in which the process may die.
      await new Promise((resolve) => setImmediate(resolve));
      appendFileSync(file, `${key}\n`);
      return { kind: 'accepted', providerMessageId: key };
    },
  };
}
