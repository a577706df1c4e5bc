/**
 * The channels of a deployment, by its settings. The function that sends makes them; those that publish journeys only have to know
 * which there are, and carry none of them.
 */
import { mailProvider } from '../../lib/mail-events.ts';
import { configuredChannels } from '../../lib/ports/configured-channels.ts';
import type { Channel, Channels } from '../../lib/ports/channel.ts';
import type { Part } from './engine.ts';
import { findSetting } from './read-setting.ts';

/** By the names of the providers, as nodes and callbacks name them. */
export interface ChannelMakers {
  ses(options: { readonly from: string; readonly configurationSet?: string }): Channel;
  endUserMessagingSms(options: Origination): Channel;
  sns(): Channel;
  endUserMessagingWhatsapp(options: Origination): Channel;
  inbox(): Channel;
  https(): Channel;
}

interface Origination {
  readonly origination: string;
  readonly configurationSet?: string;
}

export function deployedChannels(make: ChannelMakers): Channels {
  const from = findSetting('mailFrom');
  const sms = findSetting('smsOrigination');
  const whatsapp = findSetting('whatsappOrigination');
  return configuredChannels({
    ...(from && {
      email: { [mailProvider]: make.ses({ from, ...setOf('mailConfigurationSet') }) },
    }),
    ...(sms && {
      sms: {
        end_user_messaging: make.endUserMessagingSms({
          origination: sms,
          ...setOf('smsConfigurationSet'),
        }),
      },
    }),
    ...(findSetting('push') === 'on' && { push: { sns: make.sns() } }),
    ...(whatsapp && {
      whatsapp: { end_user_messaging: make.endUserMessagingWhatsapp({ origination: whatsapp }) },
    }),
    in_app: { inbox: make.inbox() },
    webhook: { https: make.https() },
  });
}

function setOf(name: 'mailConfigurationSet' | 'smsConfigurationSet'): {
  readonly configurationSet?: string;
} {
  const configurationSet = findSetting(name);
  return configurationSet === undefined ? {} : { configurationSet };
}

/** Says no to everything: whoever only publishes never sends. */
const elsewhere: Channel = {
  idempotent: true,
  send: () => Promise.resolve({ kind: 'misconfigured', reason: 'this function sends nothing' }),
};

/** For functions that publish: the channels are there, as far as a graph can ask for them. */
export const knownChannels: Part = () => ({
  channels: deployedChannels({
    ses: () => elsewhere,
    endUserMessagingSms: () => elsewhere,
    sns: () => elsewhere,
    endUserMessagingWhatsapp: () => elsewhere,
    inbox: () => elsewhere,
    https: () => elsewhere,
  }),
});
