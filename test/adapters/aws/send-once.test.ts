/** A message is never sent twice by a client on its own: a call that breaks off is made once, by every channel. */
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { pushChannel } from '../../../lib/adapters/aws/push-channel.ts';
import { sesChannel } from '../../../lib/adapters/aws/ses-channel.ts';
import { smsChannel } from '../../../lib/adapters/aws/sms-channel.ts';
import { whatsappChannel } from '../../../lib/adapters/aws/whatsapp-channel.ts';
import type { Channel } from '../../../lib/ports/channel.ts';
import { fakeEndpoint } from './fake-endpoint.ts';
import { message } from './messages.ts';

const device = 'arn:aws:sns:eu-central-1:123456789012:endpoint/APNS/acme/1';
const channels: readonly (readonly [string, () => Channel, string])[] = [
  ['SES', () => sesChannel({ from: 'hello@acme.example' }), 'ada@example.com'],
  ['SMS', () => smsChannel({ origination: 'pool-1' }), '+4930123456'],
  ['push', () => pushChannel(), device],
  ['WhatsApp', () => whatsappChannel({ origination: 'phone-number-id-1' }), '+4930123456'],
];

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  // Whatever is set for other calls.
  vi.stubEnv('AWS_MAX_ATTEMPTS', '5');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
});

it.each(channels)('by %s: one that breaks off', async (_name, channel, to) => {
  const { url, requests } = await fakeEndpoint('reset');
  vi.stubEnv('AWS_ENDPOINT_URL', url);
  expect(await channel().send({ ...message, to })).toMatchObject({ kind: 'unknown' });
  expect(requests).toHaveLength(1);
});

it.each(channels)('by %s: one that AWS breaks at', async (_name, channel, to) => {
  const { url, requests } = await fakeEndpoint({ status: 500, body: '' });
  vi.stubEnv('AWS_ENDPOINT_URL', url);
  expect(await channel().send({ ...message, to })).toMatchObject({ kind: 'unknown' });
  expect(requests).toHaveLength(1);
});
