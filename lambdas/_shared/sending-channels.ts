/** For the function that sends: every channel that the deployment has set up. */
import { pushChannel } from '../../lib/adapters/aws/push-channel.ts';
import { sesChannel } from '../../lib/adapters/aws/ses-channel.ts';
import { smsChannel } from '../../lib/adapters/aws/sms-channel.ts';
import { whatsappChannel } from '../../lib/adapters/aws/whatsapp-channel.ts';
import { webCaller } from '../../lib/adapters/webhook/web-caller.ts';
import { webhookChannel } from '../../lib/adapters/webhook/webhook-channel.ts';
import {
  readOrCreateSecret,
  readSecret,
  webhookSigningSecret,
} from '../../lib/engine/secrets/secrets.ts';
import { inboxChannel } from '../../lib/engine/sends/inbox-channel.ts';
import type { Channel } from '../../lib/ports/channel.ts';
import { deployedChannels } from './deployed-channels.ts';
import type { Base, Part } from './engine.ts';

export const sendingChannels: Part = (base) => ({
  channels: deployedChannels({
    ses: sesChannel,
    endUserMessagingSms: smsChannel,
    sns: () => pushChannel({}),
    endUserMessagingWhatsapp: whatsappChannel,
    inbox: () => inboxChannel(base),
    https: () => callingChannel(base),
  }),
});

function callingChannel(base: Base): Channel {
  const { clock } = base;
  return webhookChannel({
    clock,
    call: webCaller({ clock }),
    secretOf: (tenant, secret) => readSecret(base, { tenant, secret }),
    signingSecretOf: (tenant) => readOrCreateSecret(base, { tenant, secret: webhookSigningSecret }),
  });
}
