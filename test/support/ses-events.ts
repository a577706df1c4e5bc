/** Events as SES sends them to EventBridge, for a mail with our tags: the forms that its documentation shows. */
import type { JsonObject } from '../../lib/json.ts';
import { mailTagsOf, type MailIds } from '../../lib/mail-tags.ts';

const messageId = '0107019a1b2c3d4e-11111111-2222-3333-4444-555555555555-000000';

export type SesEventType = keyof typeof parts;

/** @param changes replace fields of the part that is about what happened */
export function sesEvent(
  type: SesEventType,
  ids: MailIds,
  changes: JsonObject = {},
): { readonly [field: string]: unknown } {
  const { detailType, about, fields } = parts[type];
  return {
    version: '0',
    id: '9f9f0a7c-0000-4000-8000-000000000001',
    'detail-type': detailType,
    source: 'aws.ses',
    account: '123456789012',
    time: '2026-01-02T10:00:05Z',
    region: 'eu-central-1',
    resources: ['arn:aws:ses:eu-central-1:123456789012:configuration-set/kalcifer-dev'],
    detail: {
      eventType: type,
      mail: {
        timestamp: '2026-01-02T10:00:00.000Z',
        source: 'hello@acme.example',
        sendingAccountId: '123456789012',
        messageId,
        destination: ['ada@example.com'],
        headersTruncated: false,
        headers: [{ name: 'To', value: 'ada@example.com' }],
        commonHeaders: { to: ['ada@example.com'], subject: 'Welcome' },
        tags: {
          'ses:configuration-set': ['kalcifer-dev'],
          'ses:from-domain': ['acme.example'],
          ...Object.fromEntries(
            Object.entries(mailTagsOf(ids)).map(([name, value]) => [name, [value]]),
          ),
        },
      },
      [about]: { ...fields, ...changes },
    },
  };
}

const parts = {
  Send: { detailType: 'Email Sent', about: 'send', fields: {} },
  Delivery: {
    detailType: 'Email Delivered',
    about: 'delivery',
    fields: {
      timestamp: '2026-01-02T10:00:01.000Z',
      processingTimeMillis: 512,
      recipients: ['ada@example.com'],
      smtpResponse: '250 2.6.0 Message received',
      reportingMTA: 'a0-1.smtp-out.eu-central-1.amazonses.com',
    },
  },
  Open: {
    detailType: 'Email Opened',
    about: 'open',
    fields: {
      timestamp: '2026-01-02T10:00:04.000Z',
      userAgent: 'Mozilla/5.0',
      ipAddress: '192.0.2.1',
    },
  },
  Click: {
    detailType: 'Email Clicked',
    about: 'click',
    fields: {
      timestamp: '2026-01-02T10:00:04.000Z',
      ipAddress: '192.0.2.1',
      userAgent: 'Mozilla/5.0',
      link: 'https://acme.example/sale?from=mail',
      linkTags: { colour: ['red'] },
    },
  },
  Bounce: {
    detailType: 'Email Bounced',
    about: 'bounce',
    fields: {
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [
        {
          emailAddress: 'ada@example.com',
          action: 'failed',
          status: '5.1.1',
          diagnosticCode: 'smtp; 550 5.1.1 user unknown',
        },
      ],
      timestamp: '2026-01-02T10:00:03.000Z',
      feedbackId: '0107019a1b2c3d4e-f-000000',
    },
  },
  Complaint: {
    detailType: 'Email Complaint Received',
    about: 'complaint',
    fields: {
      complainedRecipients: [{ emailAddress: 'ada@example.com' }],
      timestamp: '2026-01-02T10:00:03.000Z',
      feedbackId: '0107019a1b2c3d4e-c-000000',
      complaintFeedbackType: 'abuse',
    },
  },
  Reject: { detailType: 'Email Rejected', about: 'reject', fields: { reason: 'Bad content' } },
  DeliveryDelay: {
    detailType: 'Email Delivery Delayed',
    about: 'deliveryDelay',
    fields: { timestamp: '2026-01-02T10:00:03.000Z', delayType: 'MailboxFull' },
  },
} as const;
