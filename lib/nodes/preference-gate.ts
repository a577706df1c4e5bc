/** `preference_gate`: does the customer want messages of this channel? A customer who never said anything does. */
import { z } from 'zod';
import { nodeType } from './node-type.ts';
import { refusesChannel } from './messages/refused-channel.ts';

/** The channels that a customer can refuse in the profile's preferences. */
const channels = ['email', 'sms', 'push', 'whatsapp', 'in_app'] as const;

const config = z.strictObject({ channel: z.enum(channels) });

/** `{ "channel": "sms" }` */
export const preferenceGate = nodeType<z.infer<typeof config>>({
  type: 'preference_gate',
  category: 'logic',
  set: 'extended',
  summary: 'Splits customers by whether they want messages of a channel.',
  config,
  branches: () => ['true', 'false'],
  needs: () => ['customer'],
  run: ({ channel }, { facts }) => {
    const refused = refusesChannel(facts, channel);
    const branch = refused ? 'false' : 'true';
    const why = refused ? 'the customer does not want' : 'the customer has not refused';
    return {
      kind: 'branched',
      branch,
      result: { branch },
      notes: [`${why} ${channel} messages, so ${branch}`],
    };
  },
});
