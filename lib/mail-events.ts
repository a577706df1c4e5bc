/**
 * What SES tells of a mail, through EventBridge: what it means for the delivery, and the event that journeys can wait for. Whatever
 * else arrives is nothing, and the same thing told twice gives the same event.
 */
import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject } from './json.ts';
import { idsInMailTags, type MailIds } from './mail-tags.ts';
import { messageKey } from './message-key.ts';

/** The provider that mails by SES have, wherever it is set up. */
export const mailProvider = 'ses';

/** At least one of `report` and `event` is there. */
export interface MailEvent extends MailIds {
  /** The key that the mail was handed over with. */
  readonly key: string;
  /** What is reported of the delivery. */
  readonly report?: MailReport;
  /** What happened to the customer; who that is, the instance knows. */
  readonly event?: TrackedEvent;
}

interface MailReport {
  readonly tenant: string;
  readonly provider: typeof mailProvider;
  readonly message: string;
  readonly status: 'delivered' | 'bounced' | 'failed';
  readonly detail?: string;
  readonly providerMessageId?: string;
}

interface TrackedEvent {
  readonly type: 'email_opened' | 'email_clicked' | 'email_bounced' | 'email_complained';
  /** The same at every delivery of the same event. */
  readonly id: string;
  readonly data: JsonObject;
}

/**
 * @param event as EventBridge delivers it: `{ "source": "aws.ses", "detail": { "eventType": "Open", "mail": {…}, "open": {…} } }`
 * @returns undefined when it is not about a mail of ours, or says nothing new
 */
export function readMailEvent(event: unknown): MailEvent | undefined {
  if (!isJsonObject(event) || event.source !== 'aws.ses' || !isJsonObject(event.detail))
    return undefined;
  const { eventType, mail } = event.detail;
  const meaning =
    typeof eventType === 'string' && Object.hasOwn(meanings, eventType)
      ? meanings[eventType]
      : undefined;
  const ids = isJsonObject(mail) ? idsInMailTags(mail.tags) : undefined;
  if (meaning === undefined || ids === undefined || !isJsonObject(mail)) return undefined;
  const about = event.detail[meaning.about];
  const told: Told = {
    ids,
    messageId: textIn(mail, 'messageId'),
    about: isJsonObject(about) ? about : {},
  };
  const key = messageKey(ids);
  return {
    ...ids,
    key,
    ...(meaning.status === undefined
      ? {}
      : { report: reportOf(key, told, meaning.status, meaning.detail?.(told.about)) }),
    ...(meaning.type === undefined ? {} : { event: trackedEvent(meaning, meaning.type, told) }),
  };
}

interface Told {
  readonly ids: MailIds;
  readonly messageId: string | undefined;
  /** The part of the event that is about what happened. */
  readonly about: JsonObject;
}

interface Meaning {
  /** Name of the part of the event that is about it. */
  readonly about: string;
  readonly status?: MailReport['status'];
  readonly type?: TrackedEvent['type'];
  readonly detail?: (about: JsonObject) => string | undefined;
  /** Neither addresses nor devices: events are kept. */
  readonly data?: (about: JsonObject) => JsonObject;
}

/** By the type that SES tells. SES gives no promise to tell everything: who opens a mail has got it. */
const meanings: Readonly<Record<string, Meaning>> = {
  Delivery: { about: 'delivery', status: 'delivered' },
  Open: { about: 'open', status: 'delivered', type: 'email_opened' },
  Click: {
    about: 'click',
    status: 'delivered',
    type: 'email_clicked',
    data: (click) => ({ link: textIn(click, 'link'), link_tags: tagsIn(click) }),
  },
  Bounce: {
    about: 'bounce',
    status: 'bounced',
    type: 'email_bounced',
    detail: bounceWords,
    data: (bounce) => ({
      bounce_type: wordIn(bounce, 'bounceType'),
      bounce_sub_type: wordIn(bounce, 'bounceSubType'),
    }),
  },
  Complaint: {
    about: 'complaint',
    status: 'delivered',
    type: 'email_complained',
    data: (complaint) => ({ complaint_type: wordIn(complaint, 'complaintFeedbackType') }),
  },
  Reject: { about: 'reject', status: 'failed', detail: () => 'SES found a virus in it' },
};

function reportOf(
  message: string,
  { ids, messageId }: Told,
  status: MailReport['status'],
  detail: string | undefined,
): MailReport {
  return {
    tenant: ids.tenant,
    provider: mailProvider,
    message,
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(messageId === undefined ? {} : { providerMessageId: messageId }),
  };
}

function trackedEvent(
  { data }: Meaning,
  type: TrackedEvent['type'],
  { ids: { journey, instance, node }, messageId, about }: Told,
): TrackedEvent {
  const facts = {
    journey,
    instance,
    node,
    message_id: messageId,
    occurred_at: textIn(about, 'timestamp'),
    ...data?.(about),
  };
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return { type, id: eventId(type, messageId, about), data: Object.fromEntries(known) };
}

/** EventBridge may deliver one event of SES as several of its own, so its id does not tell. */
function eventId(type: string, messageId: string | undefined, about: JsonObject): string {
  const parts = ['timestamp', 'feedbackId', 'link'].map((field) => textIn(about, field));
  const facts = [type, messageId, ...parts];
  const digest = createHash('sha256').update(JSON.stringify(facts)).digest('hex');
  return `${mailProvider}-${digest.slice(0, 40)}`;
}

const textCharactersMax = 2_000;

function textIn(object: JsonObject, field: string): string | undefined {
  const value = object[field];
  return typeof value === 'string' && value.length <= textCharactersMax ? value : undefined;
}

/** One of the words that SES has for it. */
function wordIn(object: JsonObject, field: string): string | undefined {
  const value = object[field];
  return typeof value === 'string' && /^[\w-]{1,50}$/.test(value) ? value : undefined;
}

/** `Permanent, General` */
function bounceWords(bounce: JsonObject): string | undefined {
  const words = [wordIn(bounce, 'bounceType'), wordIn(bounce, 'bounceSubType')];
  const known = words.filter((word) => word !== undefined);
  return known.length === 0 ? undefined : known.join(', ');
}

/** What a link in the mail was marked with: `ses:tags="colour:red;"` -> `{ "colour": ["red"] }` */
function tagsIn({ linkTags }: JsonObject): JsonObject | undefined {
  if (!isJsonObject(linkTags)) return undefined;
  const tags = Object.fromEntries(Object.entries(linkTags).filter(([, value]) => isTexts(value)));
  const characters = JSON.stringify(tags).length;
  return Object.keys(tags).length > 0 && characters <= textCharactersMax ? tags : undefined;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
