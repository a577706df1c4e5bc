/** Composes a mail: what goes to a mail server by SMTP and to SES is the same text. */
import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { OutgoingMessage } from '../ports/channel.ts';

export interface Mail {
  /** The same at every attempt, so that a mailbox that gets a message twice after all can tell. */
  readonly id: string;
  /** Bare addresses; no sender when the one that was named is no address. */
  readonly envelope: { readonly from: string | false; readonly to: string[] };
  readonly raw: Buffer;
}

export interface Composing {
  /** The sender of messages whose node names none. */
  readonly from: string;
  /** Epoch milliseconds; without it, whoever delivers the mail says when it was sent. */
  readonly at?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function composeMail(
  { key, to, from, subject = '', body }: OutgoingMessage,
  given: Composing,
): Promise<Mail> {
  const id = messageId(key);
  const headers = { 'X-Kalcifer-Message': key, ...given.headers };
  const spellings = new Map(Object.keys(headers).map((name) => [name.toLowerCase(), name]));
  const composed = new MailComposer({
    messageId: id,
    from: from ?? given.from,
    to: { name: '', address: to },
    subject,
    html: body,
    ...(given.at === undefined ? {} : { date: new Date(given.at) }),
    headers,
    // Written as given: `X-SES-…` and not `X-Ses-…`.
    normalizeHeaderKey: (name) => spellings.get(name.toLowerCase()) ?? name,
  }).compile();
  const raw = await composed.build();
  return { id, envelope: composed.getEnvelope(), raw };
}

function messageId(key: string): string {
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@kalcifer>`;
}
