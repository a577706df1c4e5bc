/**
 * Push notifications by SNS. It keeps one endpoint per device, so a customer's push token is the ARN of an endpoint; it does not
 * deduplicate.
 */
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { JsonObject } from '../../json.ts';
import type { Channel, OutgoingMessage } from '../../ports/channel.ts';
import { awsFailure } from './aws-failure.ts';
import { channelFailure, type RefusalVerdicts } from './channel-failure.ts';
import { sendOnce } from './send-once.ts';

export interface PushOptions {
  readonly client?: SNSClient;
}

export function pushChannel({ client = new SNSClient(sendOnce) }: PushOptions = {}): Channel {
  return {
    idempotent: false,
    send: async (message) => {
      const platform = platformOf(message.to);
      if (platform === undefined) {
        return { kind: 'refused', reason: 'the push token is not the ARN of an SNS endpoint' };
      }
      const command = new PublishCommand({
        TargetArn: message.to,
        MessageStructure: 'json',
        Message: JSON.stringify(payloads(platform, message)),
      });
      try {
        const { MessageId: id } = await client.send(command);
        return { kind: 'accepted', providerMessageId: id ?? message.key };
      } catch (error) {
        return channelFailure('SNS', awsFailure(error), verdicts);
      }
    },
  };
}

/** `arn:aws:sns:eu-central-1:123456789012:endpoint/APNS/acme/0f1e…` -> `APNS` */
function platformOf(endpoint: string): string | undefined {
  return /^arn:[\w-]+:sns:[\w-]+:\d{12}:endpoint\/([A-Z_]+)\/\S+$/.exec(endpoint)?.[1];
}

/** The text alone for every platform, and title and text as Apple's and Google's take them. */
function payloads(
  platform: string,
  { subject, body }: Pick<OutgoingMessage, 'subject' | 'body'>,
): JsonObject {
  const shown = { ...(subject === undefined ? {} : { title: subject }), body };
  const payload = platformPayload(platform, shown);
  return {
    default: body,
    ...(payload === undefined ? {} : { [platform]: JSON.stringify(payload) }),
  };
}

function platformPayload(platform: string, shown: JsonObject): JsonObject | undefined {
  if (applePlatforms.has(platform)) return { aps: { alert: shown } };
  return platform === 'GCM' ? { fcmV1Message: { message: { notification: shown } } } : undefined;
}

const applePlatforms: ReadonlySet<string> = new Set([
  'APNS',
  'APNS_SANDBOX',
  'MACOS',
  'MACOS_SANDBOX',
]);

const verdicts: RefusalVerdicts = {
  EndpointDisabled: 'refused',
  NotFound: 'refused',
  PlatformApplicationDisabled: 'misconfigured',
};
