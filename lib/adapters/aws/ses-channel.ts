/**
 * Mail by SES. It does not deduplicate, so a call that breaks off is never made again by itself. Our ids go along as tags, and come
 * back with everything that SES later tells of the mail.
 */
import { SendRawEmailCommand, SESClient } from '@aws-sdk/client-ses';
import { mailTagsOf } from '../../mail-tags.ts';
import type { Channel, ChannelAnswer, OutgoingMessage } from '../../ports/channel.ts';
import { composeMail } from '../compose-mail.ts';
import { awsFailure } from './aws-failure.ts';
import { channelFailure, type RefusalVerdicts } from './channel-failure.ts';
import { sendOnce } from './send-once.ts';

export interface SesOptions {
  /** The sender of messages whose node names none, an identity that SES has verified: `Acme <hello@acme.example>`. */
  readonly from: string;
  /** Where opens, clicks and bounces are told; without one, nobody is told of them. */
  readonly configurationSet?: string;
  readonly client?: SESClient;
}

export function sesChannel({
  from,
  configurationSet,
  client = new SESClient(sendOnce),
}: SesOptions): Channel {
  return { idempotent: false, send: (message) => send(message) };

  async function send(message: OutgoingMessage): Promise<ChannelAnswer> {
    const tags = Object.entries(mailTagsOf(message));
    const mail = await composeMail(message, { from, headers: tagHeader(tags) });
    const sender = mail.envelope.from;
    if (sender === false) {
      return { kind: 'misconfigured', reason: 'the sender is not an e-mail address' };
    }
    const command = new SendRawEmailCommand({
      Source: sender,
      Destinations: mail.envelope.to,
      RawMessage: { Data: mail.raw },
      Tags: tags.map(([Name, Value]) => ({ Name, Value })),
      ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
    });
    try {
      const { MessageId: id } = await client.send(command);
      return { kind: 'accepted', providerMessageId: id ?? mail.id };
    } catch (error) {
      return answerOf(error, sender);
    }
  }
}

/**
 * The tags once more, as SES also takes them. It reads the parameter when both are there, and removes the header before the mail
 * leaves; outboxes of emulators show what was handed over, which is the header.
 */
function tagHeader(tags: readonly (readonly [string, string])[]): Record<string, string> {
  return { 'X-SES-MESSAGE-TAGS': tags.map((tag) => tag.join('=')).join(', ') };
}

function answerOf(error: unknown, sender: string): ChannelAnswer {
  const failure = awsFailure(error);
  return failure.kind === 'refused' && failure.name === 'MessageRejected'
    ? rejectedBecause((error as Error).message, sender)
    : channelFailure('SES', failure, verdicts);
}

const verdicts: RefusalVerdicts = {
  AccountSendingPaused: 'misconfigured',
  ConfigurationSetDoesNotExist: 'misconfigured',
  ConfigurationSetSendingPaused: 'misconfigured',
  MailFromDomainNotVerified: 'misconfigured',
  ProductionAccessNotGranted: 'misconfigured',
};

/** One name for many reasons, which only the words tell apart; they may name the recipient, so they are not passed on. */
function rejectedBecause(words: string, sender: string): ChannelAnswer {
  if (/not verified/i.test(words)) {
    // In its sandbox, SES asks for verified recipients as well; it names those who are not.
    const named = words.toLowerCase().split(/[\s,<>]+/);
    const isSender = named.includes(sender.toLowerCase()) || !words.includes('@');
    return isSender
      ? { kind: 'misconfigured', reason: 'SES has not verified the sender' }
      : {
          kind: 'refused',
          reason:
            'SES has not verified the recipient, which it asks for while the account is in its sandbox',
        };
  }
  return /sending (paused|suspended)/i.test(words)
    ? { kind: 'misconfigured', reason: 'SES has suspended sending for this account' }
    : { kind: 'refused', reason: 'SES refuses it (MessageRejected)' };
}
