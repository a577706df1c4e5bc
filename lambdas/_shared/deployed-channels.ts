/**
 * The channels of a deployment. The function that sends makes them; those that publish journeys only have to know which there are,
 * and carry none of them.
 */
import { configuredChannels } from '../../lib/ports/configured-channels.ts';
import type { Channel, Channels } from '../../lib/ports/channel.ts';
import type { Part } from './engine.ts';

/** By the names of the providers, as nodes and callbacks name them. */
export interface ChannelMakers {
  inbox(): Channel;
  https(): Channel;
}

export function deployedChannels(make: ChannelMakers): Channels {
  return configuredChannels({
    in_app: { inbox: make.inbox() },
    webhook: { https: make.https() },
  });
}

/** Says no to everything: whoever only publishes never sends. */
const elsewhere: Channel = {
  idempotent: true,
  send: () => Promise.resolve({ kind: 'misconfigured', reason: 'this function sends nothing' }),
};

/** For functions that publish: the channels are there, as far as a graph can ask for them. */
export const knownChannels: Part = () => ({
  channels: deployedChannels({ inbox: () => elsewhere, https: () => elsewhere }),
});
