/** Channels as somebody set them up: providers by channel and name, the first of each channel being its default. */
import type { Channel, Channels } from './channel.ts';

export type ProvidersByChannel = Readonly<Record<string, Readonly<Record<string, Channel>>>>;

/** `{ email: { ses, outbox }, sms: { twilio } }` */
export function configuredChannels(providersByChannel: ProvidersByChannel): Channels {
  const channels = new Map(
    Object.entries(providersByChannel).map(([channel, providers]) => [
      channel,
      new Map(Object.entries(providers)),
    ]),
  );
  return {
    find: ({ channel: channelName, provider }) => {
      const providers = channels.get(channelName);
      const name = provider ?? providers?.keys().next().value;
      const channel = name === undefined ? undefined : providers?.get(name);
      return name === undefined || channel === undefined ? undefined : { name, channel };
    },
  };
}
