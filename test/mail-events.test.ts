import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMailEvent } from '../lib/mail-events.ts';
import { sesEvent, type SesEventType } from './support/ses-events.ts';

const ids = { tenant: 'T1', journey: 'welcome', instance: '0Ab', node: 'mail/1' };
const messageId = '0107019a1b2c3d4e-11111111-2222-3333-4444-555555555555-000000';
const place = { ...ids, key: 'T1/0Ab/mail/1' };
const report = { tenant: 'T1', provider: 'ses', message: place.key, providerMessageId: messageId };
const facts = { journey: 'welcome', instance: '0Ab', node: 'mail/1', message_id: messageId };

describe('of a mail', () => {
  it('a delivery is reported', () => {
    expect(readMailEvent(sesEvent('Delivery', ids))).toEqual({
      ...place,
      report: { ...report, status: 'delivered' },
    });
  });

  it('an open is an event, and says that it was delivered', () => {
    expect(readMailEvent(sesEvent('Open', ids))).toEqual({
      ...place,
      report: { ...report, status: 'delivered' },
      event: {
        type: 'email_opened',
        id: 'ses-ca415dd9257e9f46ca9e03f6150effc4798dc99c',
        data: { ...facts, occurred_at: '2026-01-02T10:00:04.000Z' },
      },
    });
  });

  it('a click is an event that tells the link', () => {
    expect(readMailEvent(sesEvent('Click', ids))).toEqual({
      ...place,
      report: { ...report, status: 'delivered' },
      event: {
        type: 'email_clicked',
        id: 'ses-7a095bb8a2d6d0bdb04f4f44569ad324a3ba7cd7',
        data: {
          ...facts,
          occurred_at: '2026-01-02T10:00:04.000Z',
          link: 'https://acme.example/sale?from=mail',
          link_tags: { colour: ['red'] },
        },
      },
    });
  });

  it('a bounce is reported with its kind, and is an event', () => {
    expect(readMailEvent(sesEvent('Bounce', ids))).toEqual({
      ...place,
      report: { ...report, status: 'bounced', detail: 'Permanent, General' },
      event: {
        type: 'email_bounced',
        id: 'ses-338041cc4c6dada60bfcd44e43ae068128f9336e',
        data: {
          ...facts,
          occurred_at: '2026-01-02T10:00:03.000Z',
          bounce_type: 'Permanent',
          bounce_sub_type: 'General',
        },
      },
    });
  });

  it('a complaint is an event, and says that it was delivered', () => {
    expect(readMailEvent(sesEvent('Complaint', ids))).toEqual({
      ...place,
      report: { ...report, status: 'delivered' },
      event: {
        type: 'email_complained',
        id: 'ses-056c35a9864637ddb22a2fd8fb20acc4f1a63331',
        data: { ...facts, occurred_at: '2026-01-02T10:00:03.000Z', complaint_type: 'abuse' },
      },
    });
  });

  it('a rejection is reported as a failure', () => {
    expect(readMailEvent(sesEvent('Reject', ids))).toEqual({
      ...place,
      report: { ...report, status: 'failed', detail: 'SES found a virus in it' },
    });
  });

  it.each(['Send', 'DeliveryDelay'] as const)('%s says nothing new', (type) => {
    expect(readMailEvent(sesEvent(type, ids))).toBeUndefined();
  });
});

const tracked = ['Open', 'Click', 'Bounce', 'Complaint'] as const;

describe('what is told', () => {
  it.each(tracked)('of %s holds no address and no device', (type) => {
    const told = JSON.stringify(readMailEvent(sesEvent(type, ids)));
    expect(told).not.toMatch(/ada@example|192\.0\.2|Mozilla|smtp;/);
  });

  it('leaves out what is not as SES writes it', () => {
    const odd = { bounceType: 'a b', bounceSubType: 7, timestamp: null };
    expect(readMailEvent(sesEvent('Bounce', ids, odd))).toMatchObject({
      report: { ...report, status: 'bounced' },
      event: { data: facts },
    });
    const tags = { linkTags: { colour: 'red', size: ['m', 7], shape: ['round'] } };
    expect(readMailEvent(sesEvent('Click', ids, tags))?.event?.data.link_tags).toEqual({
      shape: ['round'],
    });
    const long = { link: `https://acme.example/${'x'.repeat(2_000)}`, linkTags: 'none' };
    expect(readMailEvent(sesEvent('Click', ids, long))?.event?.data).toEqual({
      ...facts,
      occurred_at: '2026-01-02T10:00:04.000Z',
    });
  });
});

describe('the id of an event', () => {
  const idOf = (type: SesEventType, changes = {}, envelope = {}): string | undefined =>
    readMailEvent({ ...sesEvent(type, ids, changes), ...envelope })?.event?.id;

  it.each(tracked)('%s is the same at every delivery, whatever EventBridge calls it', (type) => {
    const id = idOf(type);
    expect(id).toMatch(/^ses-[0-9a-f]{40}$/);
    expect(idOf(type, {}, { id: 'another', time: '2026-01-02T11:00:00Z' })).toBe(id);
  });

  it('is another one for another event', () => {
    const later = { timestamp: '2026-01-03T00:00:00.000Z' };
    const all = [
      idOf('Open'),
      idOf('Open', later),
      idOf('Click'),
      idOf('Click', { link: 'https://acme.example/other' }),
      idOf('Bounce'),
      idOf('Bounce', { feedbackId: 'other' }),
      idOf('Complaint'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('whatever else arrives', () => {
  const open = sesEvent('Open', ids);
  const { kalcifer_node: _node, ...fewerTags } = tagsOf(open);
  it.each([
    ['an event of another service', { ...open, source: 'aws.s3' }],
    ['an event of ours', { ...open, source: 'acme.shop' }],
    ['an event without detail', { ...open, detail: undefined }],
    ['a mail without tags', withMail(open, { messageId })],
    ['a mail with fewer tags', withMail(open, { messageId, tags: fewerTags })],
    ['an event of no known type', withDetail(open, { eventType: 'toString' })],
    ['nothing', undefined],
    ['a text', 'aws.ses'],
  ])('%s is not about a mail of ours', (_what, event) => {
    expect(readMailEvent(event)).toBeUndefined();
  });

  it('a mail that SES gave no id is told without one', () => {
    const { report: told } = readMailEvent(withMail(open, { tags: tagsOf(open) })) ?? {};
    expect(told).toEqual({
      tenant: 'T1',
      provider: 'ses',
      message: place.key,
      status: 'delivered',
    });
  });

  it('for every JSON: an answer, never an error', () => {
    const json = fc.jsonValue();
    const near = fc.record({
      source: fc.constantFrom('aws.ses', 'other'),
      detail: fc.oneof(
        json,
        fc.record({
          eventType: fc.oneof(json, fc.constantFrom('Open', 'Click', 'Bounce', 'Complaint')),
          mail: fc.oneof(json, fc.record({ messageId: json, tags: fc.constant(tagsOf(open)) })),
          open: json,
          click: fc.oneof(json, fc.record({ link: json, linkTags: json, timestamp: json })),
          bounce: fc.oneof(json, fc.record({ bounceType: json, feedbackId: json })),
        }),
      ),
    });
    fc.assert(
      fc.property(fc.oneof(json, near), (event) => {
        const told = readMailEvent(event);
        if (told === undefined) return;
        expect(told).toMatchObject(place);
        expect(told.report ?? told.event).toBeDefined();
      }),
    );
  });
});

type Open = ReturnType<typeof sesEvent>;

function withDetail(event: Open, changes: object): object {
  return { ...event, detail: { ...(event.detail as object), ...changes } };
}

function withMail(event: Open, mail: object): object {
  return withDetail(event, { mail });
}

function tagsOf({ detail }: Open): Record<string, unknown> {
  return (detail as { mail: { tags: Record<string, unknown> } }).mail.tags;
}
