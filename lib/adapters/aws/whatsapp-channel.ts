/**
 * WhatsApp messages by AWS End User Messaging Social, which hands them on to Meta. Meta takes a free text only within 24 hours after
 * the customer wrote; it refuses others later, by its own report. Nobody deduplicates.
 */
import { SendWhatsAppMessageCommand, SocialMessagingClient } from '@aws-sdk/client-socialmessaging';
import type { Channel } from '../../ports/channel.ts';
import { awsFailure } from './aws-failure.ts';
import { channelFailure, type RefusalVerdicts } from './channel-failure.ts';
import { internationalNumber } from './international-number.ts';
import { sendOnce } from './send-once.ts';

export interface WhatsappOptions {
  /** Id of the phone number that messages are sent from when their node names none: `phone-number-id-…`. */
  readonly origination: string;
  readonly client?: SocialMessagingClient;
}

/** The version of Meta's API that AWS documents. */
const metaApiVersion = 'v20.0';

/** What Meta keeps with a message and repeats in what it reports. */
const keyCharactersMax = 512;

export function whatsappChannel({
  origination,
  client = new SocialMessagingClient(sendOnce),
}: WhatsappOptions): Channel {
  return {
    idempotent: false,
    send: async ({ key, to, from, body }) => {
      const number = internationalNumber(to);
      if (number === undefined) {
        return { kind: 'refused', reason: 'the phone number does not say its country' };
      }
      const text = {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        to: number,
        type: 'text',
        text: { body },
        ...(key.length > keyCharactersMax ? {} : { biz_opaque_callback_data: key }),
      };
      const command = new SendWhatsAppMessageCommand({
        originationPhoneNumberId: from ?? origination,
        metaApiVersion,
        message: Buffer.from(JSON.stringify(text)),
      });
      try {
        const { messageId: id } = await client.send(command);
        return { kind: 'accepted', providerMessageId: id ?? key };
      } catch (error) {
        return channelFailure('AWS End User Messaging Social', awsFailure(error), verdicts);
      }
    },
  };
}

const verdicts: RefusalVerdicts = { ResourceNotFound: 'misconfigured' };
