/** `send_sms`: a text message to the customer's phone. */
import { describe, expect, test } from 'vitest';
import { sendSms } from '../../lib/nodes/send-sms.ts';
import { configProblems, contextWith, runNode } from '../support/node-runs.ts';

const to = (phone: unknown): ReturnType<typeof contextWith> =>
  contextWith({ facts: { customer: { id: 'c1', phone: phone as string, name: 'Ada <3' } } });

describe('send_sms', () => {
  test('hands over the text, with nothing escaped and no subject', () => {
    const config = { body: 'Hi {{ customer.name }}', from: 'Acme', provider: 'twilio' };
    expect(runNode(sendSms, config, to('+43 660 1234567'))).toEqual({
      kind: 'send',
      message: {
        channel: 'sms',
        to: '+43 660 1234567',
        from: 'Acme',
        provider: 'twilio',
        body: 'Hi Ada <3',
      },
      notes: [],
    });
  });

  test('leaves out the subject of a template that has one for other channels', () => {
    const ctx = { ...to('0660 1'), template: { id: 't', subject: 'Hi', body: 'Hello' } };
    expect(runNode(sendSms, { template_id: 't' }, ctx)).toEqual({
      kind: 'send',
      message: { channel: 'sms', to: '0660 1', template: 't', body: 'Hello' },
      notes: [],
    });
  });

  test('takes no subject of its own', () => {
    expect(configProblems(sendSms, { subject: 'Hi', body: 'Hello' })).toHaveLength(1);
  });

  test.each([
    'pool-0123456789abcdef0123456789abcdef',
    'arn:aws:sms-voice:eu-central-1:123456789012:phone-number/phone-0123456789abcdef0123456789abcdef',
  ])('takes %s for a sender', (from) => {
    expect(configProblems(sendSms, { body: 'Hi', from })).toEqual([]);
  });

  test.each(['+15550001', '555-0100', '(0660) 123/45.6', '+49 30 1234'])(
    'takes %s for a phone number',
    (phone) => {
      expect(runNode(sendSms, { body: 'x' }, to(phone))).toMatchObject({ message: { to: phone } });
    },
  );

  test.each([
    undefined,
    null,
    '',
    5,
    'call me',
    '+',
    '1',
    '+1555,+1666',
    '+1555 +1666',
    '+1555\n1',
    '1'.repeat(40),
  ])('skips a customer whose phone number is %j', (phone) => {
    expect(runNode(sendSms, { body: 'x' }, to(phone))).toEqual({
      kind: 'send',
      message: { channel: 'sms', body: '' },
    });
  });

  test('fails for good when the text is longer than ten parts of a text message', () => {
    const ctx = contextWith({
      facts: { customer: { id: 'c1', phone: '+1555' }, event: { text: 'x'.repeat(1_601) } },
    });
    expect(runNode(sendSms, { body: '{{ event.text }}' }, ctx)).toEqual({
      kind: 'failed',
      code: 'message.too_large',
      detail: 'the rendered body has 1601 characters, and this channel takes 1600',
      retryable: false,
    });
  });
});
