/** SES's outbox, as the emulator shows it: mails that were accepted, oldest first, with the tags that say whose they are. */
import { setTimeout as sleep } from 'node:timers/promises';
import { idsInMailTags } from '../../../lib/mail-tags.ts';
import type { Place } from './place.ts';
import { headerIn } from './mail-header.ts';

export interface OutboxMail {
  readonly tenant: string;
  readonly journey: string;
  readonly instance: string;
  readonly node: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly tags: Readonly<Record<string, string>>;
}

export async function readOutbox(place: Place): Promise<readonly OutboxMail[]> {
  return place.tagsUrl === undefined
    ? localstackMails(place)
    : ministackMails(place, place.tagsUrl);
}

interface MinistackMail {
  readonly MessageId: string;
  readonly Source: string;
  readonly To: readonly string[];
  readonly Subject: string;
  readonly BodyText: string;
  readonly BodyHtml: string | null;
}

const looksMax = 100;

/** Mails are handed on a moment after they are in the outbox. */
async function ministackMails(place: Place, tagsUrl: string): Promise<readonly OutboxMail[]> {
  for (let look = 0; look < looksMax; look++) {
    const { messages } = (await getJson(`${place.endpoint}/_ministack/ses/messages`)) as {
      messages: Record<string, readonly MinistackMail[]>;
    };
    const mails = Object.values(messages).flat();
    const tags = (await getJson(tagsUrl)) as Record<string, string>;
    if (mails.every(({ MessageId: id }) => tags[id] !== undefined)) {
      return mails.map((mail) =>
        outboxMail(tags[mail.MessageId] ?? '', {
          from: mail.Source,
          to: mail.To.join(', '),
          subject: mail.Subject,
          html: mail.BodyHtml ?? mail.BodyText,
        }),
      );
    }
    await sleep(50);
  }
  throw new Error('MiniStack did not hand all mails on.');
}

async function localstackMails({ endpoint }: Place): Promise<readonly OutboxMail[]> {
  const { messages } = (await getJson(`${endpoint}/_aws/ses`)) as {
    messages: readonly { readonly Source: string; readonly RawData?: string }[];
  };
  return messages.map(({ Source: from, RawData: raw = '' }) =>
    outboxMail(headerIn(raw, 'x-ses-message-tags'), {
      from,
      to: headerIn(raw, 'to'),
      subject: headerIn(raw, 'subject'),
      html: raw,
    }),
  );
}

function outboxMail(
  header: string,
  told: Pick<OutboxMail, 'from' | 'to' | 'subject' | 'html'>,
): OutboxMail {
  const tags = Object.fromEntries(
    header.split(/\s*,\s*/).flatMap((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return name === '' ? [] : [[name.trim(), value.trim()] as const];
    }),
  );
  // SES itself tells each tag with a list of values.
  const ids = idsInMailTags(
    Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, [value]])),
  );
  if (ids === undefined) throw new Error(`A mail without our tags: ${header}`);
  return { ...told, ...ids, tags };
}

async function getJson(url: string): Promise<unknown> {
  return (await fetch(url)).json();
}
