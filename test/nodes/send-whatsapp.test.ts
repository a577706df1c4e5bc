/** `send_whatsapp`: a WhatsApp message to the customer's phone. */
import { describe, expect, test } from 'vitest';
import { sendWhatsapp } from '../../lib/nodes/send-whatsapp.ts';
import { configProblems, contextWith, resumeNode, runNode } from '../support/node-runs.ts';

const customer = { id: 'c1', phone: '+43 660 1', preferences: { sms: false } };

describe('send_whatsapp', () => {
  test('hands over the text to the phone number', () => {
    const ctx = contextWith({ facts: { customer } });
    expect(runNode(sendWhatsapp, { body: 'A & B' }, ctx)).toEqual({
      kind: 'send',
      message: { channel: 'whatsapp', to: '+43 660 1', body: 'A & B' },
      notes: [],
    });
  });

  test('skips a customer who does not want WhatsApp messages', () => {
    const ctx = contextWith({
      facts: { customer: { ...customer, preferences: { whatsapp: false } } },
    });
    const skipped = { kind: 'delivery', delivery: { status: 'skipped' } } as const;
    expect(resumeNode(sendWhatsapp, { body: 'x' }, skipped, ctx)).toEqual({
      kind: 'completed',
      result: { status: 'skipped', detail: 'the customer does not want WhatsApp messages' },
      notes: ['not sent: the customer does not want WhatsApp messages'],
    });
  });

  test.each([
    'phone-number-id-01234567890123456789012345678901',
    'arn:aws:social-messaging:eu-central-1:123456789012:phone-number-id/01234567890123456789012345678901',
  ])('takes %s for a sender', (from) => {
    expect(configProblems(sendWhatsapp, { body: 'Hi', from })).toEqual([]);
  });

  test('takes no subject, and no text over 4096 characters', () => {
    expect(configProblems(sendWhatsapp, { subject: 'Hi', body: 'Hello' })).toHaveLength(1);
    const ctx = contextWith({ facts: { customer, event: { text: 'x'.repeat(4_097) } } });
    expect(runNode(sendWhatsapp, { body: '{{ event.text }}' }, ctx)).toMatchObject({
      kind: 'failed',
      code: 'message.too_large',
    });
  });
});
