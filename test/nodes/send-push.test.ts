/** `send_push`: a notification to the customer's device. */
import { describe, expect, test } from 'vitest';
import { sendPush } from '../../lib/nodes/send-push.ts';
import { contextWith, runNode } from '../support/node-runs.ts';

const to = (token: unknown): ReturnType<typeof contextWith> =>
  contextWith({
    facts: { customer: { id: 'c1', name: 'Ada', properties: { push_token: token as string } } },
  });

describe('send_push', () => {
  test('hands over title and text to the token of the device', () => {
    const config = { subject: 'For {{ customer.name }}', body: 'A & B' };
    expect(runNode(sendPush, config, to('device:1'))).toEqual({
      kind: 'send',
      message: { channel: 'push', to: 'device:1', subject: 'For Ada', body: 'A & B' },
      notes: [],
    });
  });

  test('needs no title', () => {
    expect(runNode(sendPush, { body: 'x' }, to('device:1'))).toEqual({
      kind: 'send',
      message: { channel: 'push', to: 'device:1', body: 'x' },
      notes: [],
    });
  });

  test('goes to the first of several devices', () => {
    const ctx = to(['device:1', 'device:2']);
    expect(runNode(sendPush, { body: 'x' }, ctx)).toMatchObject({ message: { to: 'device:1' } });
  });

  test.each([undefined, null, '', 5, {}, [], [5], 'two words', 'x'.repeat(4_097)])(
    'skips a customer whose push token is %j',
    (token) => {
      expect(runNode(sendPush, { body: 'x' }, to(token))).toEqual({
        kind: 'send',
        message: { channel: 'push', body: '' },
      });
    },
  );

  test('fails for good when title or text is too long for a notification', () => {
    const ctx = { ...to('device:1'), template: { id: 't', body: 'x'.repeat(3_001) } };
    expect(runNode(sendPush, { template_id: 't' }, ctx)).toMatchObject({
      kind: 'failed',
      code: 'message.too_large',
    });
    const titled = {
      ...to('device:1'),
      template: { id: 't', subject: 'x'.repeat(999), body: 'x' },
    };
    expect(runNode(sendPush, { template_id: 't' }, titled)).toMatchObject({
      kind: 'failed',
      detail: 'the rendered subject has 999 characters, and this channel takes 998',
    });
  });
});
