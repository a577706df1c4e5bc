/** Mail by SES, at AWS_ENDPOINT_URL: it is in the outbox, with our tags. */
import { randomUUID } from 'node:crypto';
import { SESClient, VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { describe, expect, it } from 'vitest';
import { sesChannel } from '../../lib/adapters/aws/ses-channel.ts';
import type { OutgoingMessage } from '../../lib/ports/channel.ts';
import { isMiniStack } from './emulator.ts';

const endpoint = process.env.AWS_ENDPOINT_URL ?? '';
const onMiniStack = await isMiniStack();

describe('a mail', () => {
  it('is in the outbox as it was written', async () => {
    const message = mail();
    const answer = await sesChannel({ from: await verifiedSender() }).send(message);
    expect(answer).toMatchObject({ kind: 'accepted' });
    const outbox = await (onMiniStack ? miniStackOutbox() : localStackOutbox());
    const found = outbox.filter((text) => text.includes(message.to));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('Hallo Ada');
  });

  it('carries our ids as tags', async () => {
    const message = mail();
    const sender = await verifiedSender();
    const record = async (isOn: boolean): Promise<void> =>
      onMiniStack ? recordCalls(isOn) : undefined;
    await record(true);
    await sesChannel({ from: sender }).send(message);
    await record(false);
    const texts = await (onMiniStack ? recordedMails() : localStackOutbox());
    const text = texts.find((one) => one.includes(message.to)) ?? '';
    expect(text.replace(/\r\n[ \t]+/g, ' ')).toContain(
      `X-SES-MESSAGE-TAGS: kalcifer_tenant=T1, kalcifer_journey=_d2VsY29tZSBiYWNr, kalcifer_instance=${message.instance}, kalcifer_node=_bWFpbC8x`,
    );
  });

  it('from a sender that nobody has verified is told as a wrong set-up', async () => {
    const channel = sesChannel({ from: `stranger-${randomUUID()}@elsewhere.example` });
    expect(await channel.send(mail())).toEqual({
      kind: 'misconfigured',
      reason: 'SES has not verified the sender',
    });
  });
});

function mail(): OutgoingMessage {
  const instance = randomUUID();
  return {
    key: `T1/${instance}/mail/1`,
    tenant: 'T1',
    customer: 'c1',
    journey: 'welcome back',
    instance,
    node: 'mail/1',
    channel: 'email',
    to: `ada-${instance}@example.com`,
    subject: 'Welcome',
    body: '<p>Hallo Ada</p>',
  };
}

async function verifiedSender(): Promise<string> {
  const EmailAddress = 'hello@acme.example';
  await new SESClient({}).send(new VerifyEmailIdentityCommand({ EmailAddress }));
  return EmailAddress;
}

/** Mails as they were handed over. */
async function localStackOutbox(): Promise<readonly string[]> {
  const { messages } = (await json('/_aws/ses')) as { messages: { RawData?: string }[] };
  return messages.map(({ RawData = '' }) => RawData);
}

/** Recipients, subjects and texts; headers are not kept. */
async function miniStackOutbox(): Promise<readonly string[]> {
  const { messages } = (await json('/_ministack/ses/messages')) as {
    messages: Record<string, unknown[]>;
  };
  return Object.values(messages)
    .flat()
    .map((one) => JSON.stringify(one));
}

async function recordCalls(isOn: boolean): Promise<void> {
  await json('/_ministack/config', {
    method: 'POST',
    body: JSON.stringify({ 'cloudtrail._recording_enabled': String(isOn) }),
  });
}

/** Mails as they were handed over, from the record of calls that CloudTrail keeps. */
async function recordedMails(): Promise<readonly string[]> {
  const { Events } = (await json('/', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents',
    },
    body: JSON.stringify({
      LookupAttributes: [{ AttributeKey: 'EventSource', AttributeValue: 'ses.amazonaws.com' }],
    }),
  })) as { Events: { CloudTrailEvent: string }[] };
  return Events.map(({ CloudTrailEvent }) => {
    const { requestParameters } = JSON.parse(CloudTrailEvent) as {
      requestParameters: Record<string, string | undefined>;
    };
    return Buffer.from(requestParameters['RawMessage.Data'] ?? '', 'base64').toString();
  });
}

async function json(path: string, request: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(new URL(path, endpoint), request);
  expect(answer.ok).toBe(true);
  return answer.json();
}
