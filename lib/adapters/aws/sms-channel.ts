/** Text messages by AWS End User Messaging. It does not deduplicate; our ids go along, and come back with what it later tells. */
import {
  PinpointSMSVoiceV2Client,
  SendTextMessageCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { mailTagsOf } from '../../mail-tags.ts';
import type { Channel, ChannelAnswer } from '../../ports/channel.ts';
import { awsFailure } from './aws-failure.ts';
import { channelFailure, type RefusalVerdicts, type Verdict } from './channel-failure.ts';
import { internationalNumber } from './international-number.ts';
import { sendOnce } from './send-once.ts';

export interface SmsOptions {
  /** Phone number, pool or sender id of messages whose node names none. */
  readonly origination: string;
  readonly configurationSet?: string;
  readonly client?: PinpointSMSVoiceV2Client;
}

export function smsChannel({
  origination,
  configurationSet,
  client = new PinpointSMSVoiceV2Client(sendOnce),
}: SmsOptions): Channel {
  return {
    idempotent: false,
    send: async (message) => {
      const number = internationalNumber(message.to);
      if (number === undefined) {
        return { kind: 'refused', reason: 'the phone number does not say its country' };
      }
      const command = new SendTextMessageCommand({
        DestinationPhoneNumber: number,
        OriginationIdentity: message.from ?? origination,
        MessageBody: message.body,
        Context: mailTagsOf(message),
        ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
      });
      try {
        const { MessageId: id } = await client.send(command);
        return { kind: 'accepted', providerMessageId: id ?? message.key };
      } catch (error) {
        return answerOf(error);
      }
    },
  };
}

/** What the service says of a refusal, besides its name. */
interface Refusal {
  readonly Reason?: string;
  readonly Fields?: readonly { readonly Name?: string }[];
}

function answerOf(error: unknown): ChannelAnswer {
  const failure = awsFailure(error);
  const { Reason: reason = '', Fields: fields = [] } = error as Refusal;
  const isKnown = /^[A-Z_]{1,80}$/.test(reason);
  const told = isKnown ? { ...failure, what: `${reason}, ${failure.what}` } : failure;
  return channelFailure(service, told, {
    ...verdicts,
    Conflict: aboutRecipient.has(reason) ? 'refused' : 'misconfigured',
    Validation: validationVerdict(
      reason,
      fields.map(({ Name: name }) => name),
    ),
  });
}

const service = 'AWS End User Messaging';

const verdicts: RefusalVerdicts = {
  ResourceNotFound: 'misconfigured',
  /** Spending limits and quotas are raised, or begin anew. */
  ServiceQuotaExceeded: 'transient',
};

/** Reasons that lie in whom the message is for: another recipient may get one. */
const aboutRecipient: ReadonlySet<string> = new Set([
  'COUNTRY_CODE_MISMATCH',
  'COUNTRY_NOT_ENABLED',
  'DESTINATION_COUNTRY_BLOCKED',
  'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
  'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE',
  'DESTINATION_PHONE_NUMBER_NOT_VERIFIED',
  'DESTINATION_PHONE_NUMBER_OPTED_OUT',
  'INTERNATIONAL_SENDING_NOT_SUPPORTED',
  'INVALID_IDENTITY_FOR_DESTINATION_COUNTRY',
  'MAXIMUM_SIZE_EXCEEDED',
  'PRICE_OVER_THRESHOLD',
  'SENDER_ID_NOT_REGISTERED',
  'SENDER_ID_NOT_SUPPORTED',
  'SENDER_ID_REQUIRES_REGISTRATION',
]);

/** Fields that are the same in every message. */
const ourFields: ReadonlySet<string | undefined> = new Set([
  'OriginationIdentity',
  'ConfigurationSetName',
]);

const aboutSetUp: ReadonlySet<string> = new Set([
  'CHANNEL_NOT_ENABLED',
  'INVALID_ARN',
  'RESOURCE_NOT_ACCESSIBLE',
]);

function validationVerdict(reason: string, fields: readonly (string | undefined)[]): Verdict {
  const isOurs = aboutSetUp.has(reason) || fields.some((field) => ourFields.has(field));
  return isOurs && !aboutRecipient.has(reason) ? 'misconfigured' : 'refused';
}
