/** What each channel can carry: the one place that says where HTML is escaped, which messages have a subject, and how long one may be. */
import type { ChannelName } from '../../journey/channel-name.ts';

/** Channels on which a text reaches a person. */
export type MessageChannel = Exclude<ChannelName, 'webhook'>;

export interface ChannelRules {
  /** As it reads in a sentence: `the customer does not want e-mails`. */
  readonly messages: string;
  readonly hasSubject: boolean;
  /** Facts are escaped in bodies that are HTML, and in no others. */
  readonly bodyIsHtml: boolean;
  /** Of the rendered body, in UTF-16 units. */
  readonly bodyCharactersMax: number;
}

export const channelRules: Readonly<Record<MessageChannel, ChannelRules>> = {
  email: {
    messages: 'e-mails',
    hasSubject: true,
    bodyIsHtml: true,
    bodyCharactersMax: 262_144,
  },
  /** Ten parts of a long text message; gateways refuse longer ones. */
  sms: {
    messages: 'text messages',
    hasSubject: false,
    bodyIsHtml: false,
    bodyCharactersMax: 1_600,
  },
  /** Apple and Google take 4 KiB with everything around the text. */
  push: {
    messages: 'push notifications',
    hasSubject: true,
    bodyIsHtml: false,
    bodyCharactersMax: 3_000,
  },
  whatsapp: {
    messages: 'WhatsApp messages',
    hasSubject: false,
    bodyIsHtml: false,
    bodyCharactersMax: 4_096,
  },
  /** Kept in the table, where an item holds 400 KB. */
  in_app: {
    messages: 'in-app messages',
    hasSubject: true,
    bodyIsHtml: false,
    bodyCharactersMax: 16_384,
  },
};

/** Of a rendered subject, in UTF-16 units: the longest line that mail may have. */
export const subjectCharactersMax = 998;

export const messageChannels = Object.keys(channelRules) as readonly MessageChannel[];

export function isMessageChannel(name: string): name is MessageChannel {
  return Object.hasOwn(channelRules, name);
}
