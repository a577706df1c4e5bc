/** `send_in_app`: a message into the customer's inbox. */
import { describe, expect, test } from 'vitest';
import { sendInApp } from '../../lib/nodes/send-in-app.ts';
import { contextWith, runNode } from '../support/node-runs.ts';

const noon = Date.parse('2026-01-01T12:00:00Z');

describe('send_in_app', () => {
  test('goes to the customer, with its place and its end', () => {
    const config = { subject: 'New', body: 'Dark <b>', placement: 'banner', expiry: '7d' };
    expect(runNode(sendInApp, config, contextWith({ now: noon }))).toEqual({
      kind: 'send',
      message: {
        channel: 'in_app',
        to: 'c1',
        subject: 'New',
        body: 'Dark <b>',
        placement: 'banner',
        expiresAt: Date.parse('2026-01-08T12:00:00Z'),
      },
      notes: [],
    });
  });

  test('needs no more than a text', () => {
    expect(runNode(sendInApp, { body: 'x' })).toEqual({
      kind: 'send',
      message: { channel: 'in_app', to: 'c1', body: 'x' },
      notes: [],
    });
  });

  test('skips a customer who does not want in-app messages', () => {
    const ctx = contextWith({ facts: { customer: { id: 'c1', preferences: { in_app: false } } } });
    expect(runNode(sendInApp, { body: 'x' }, ctx)).toEqual({
      kind: 'send',
      message: { channel: 'in_app', body: '' },
    });
  });

  test('fails for good when the text is too long for the inbox', () => {
    const ctx = contextWith({ facts: { event: { text: 'x'.repeat(16_385) } } });
    expect(runNode(sendInApp, { body: '{{ event.text }}' }, ctx)).toMatchObject({
      kind: 'failed',
      code: 'message.too_large',
    });
  });
});
