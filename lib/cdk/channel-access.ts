/** The channels that a deployment sends through: what functions are told about them, and what sending needs. */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { EngineFunction } from './engine-function.ts';
import type { Settings } from './function-settings.ts';

export interface ChannelProps {
  /**
   * E-mail through SES. The sender has to be an identity that SES has verified.
   *
   * @default - no e-mail can be sent
   */
  readonly mail?: {
    /** Sender of mails that name none: `journeys@example.com` or `Shop <journeys@example.com>`. */
    readonly from: string;
    /** @default - opens, clicks and bounces do not come back as events */
    readonly configurationSet?: string;
  };
  /**
   * SMS through End User Messaging.
   *
   * @default - no SMS can be sent
   */
  readonly sms?: {
    /** Phone number, pool or sender id: its id or its ARN. */
    readonly origination: string;
    readonly configurationSet?: string;
  };
  /**
   * Push notifications through SNS platform endpoints.
   *
   * @default false
   */
  readonly push?: boolean;
  /**
   * WhatsApp through End User Messaging Social.
   *
   * @default - no WhatsApp message can be sent
   */
  readonly whatsapp?: {
    /** Id of the phone number: `phone-number-id-...`. */
    readonly origination: string;
  };
}

export function channelSettings({ mail, sms, push, whatsapp }: ChannelProps): Settings {
  return {
    ...(mail === undefined ? {} : { mailFrom: mail.from }),
    ...(mail?.configurationSet === undefined
      ? {}
      : { mailConfigurationSet: mail.configurationSet }),
    ...(sms === undefined ? {} : { smsOrigination: sms.origination }),
    ...(sms?.configurationSet === undefined ? {} : { smsConfigurationSet: sms.configurationSet }),
    ...(push === true ? { push: 'on' } : {}),
    ...(whatsapp === undefined ? {} : { whatsappOrigination: whatsapp.origination }),
  };
}

/** Sending, and nothing else, through the channels that are set up. */
export function allowSending(by: EngineFunction, channels: ChannelProps): void {
  const { mail, sms, push, whatsapp } = channels;
  if (mail !== undefined) allowMail(by, mail.configurationSet);
  if (sms !== undefined) allowSms(by, sms.configurationSet);
  if (push === true) {
    by.allow({
      actions: ['sns:Publish'],
      resources: [arn(by, 'sns', 'endpoint', '*')],
      wildcardReason: 'Every device of a customer is an endpoint of its own.',
    });
  }
  if (whatsapp !== undefined) {
    by.allow({
      actions: ['social-messaging:SendWhatsAppMessage'],
      resources: [arn(by, 'social-messaging', 'phone-number-id', '*')],
      wildcardReason: 'A node may name its own sender: any phone number of this account.',
    });
  }
}

function allowMail(by: EngineFunction, configurationSet: string | undefined): void {
  by.allow({
    actions: ['ses:SendRawEmail'],
    resources: [arn(by, 'ses', 'identity', '*')],
    wildcardReason:
      'A node may name its own sender; SES refuses every one that is not a verified identity of this account.',
  });
  if (configurationSet === undefined) return;
  by.allow({
    actions: ['ses:SendRawEmail'],
    resources: [arn(by, 'ses', 'configuration-set', configurationSet)],
  });
}

function allowSms(by: EngineFunction, configurationSet: string | undefined): void {
  const actions = ['sms-voice:SendTextMessage'];
  by.allow({
    actions,
    resources: ['phone-number', 'pool', 'sender-id'].map((kind) => arn(by, 'sms-voice', kind, '*')),
    wildcardReason:
      'A node may name its own sender: any number, pool or sender id of this account.',
  });
  if (configurationSet === undefined) return;
  by.allow({ actions, resources: [arn(by, 'sms-voice', 'configuration-set', configurationSet)] });
}

function arn(by: EngineFunction, service: string, resource: string, resourceName: string): string {
  return Stack.of(by).formatArn({
    service,
    resource,
    resourceName,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
}
