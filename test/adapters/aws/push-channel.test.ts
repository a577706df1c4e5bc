import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { pushChannel } from '../../../lib/adapters/aws/push-channel.ts';
import type { ChannelAnswer, OutgoingMessage } from '../../../lib/ports/channel.ts';
import { message, personal, refusal } from './messages.ts';

const sns = mockClient(SNSClient);
beforeEach(() => {
  sns.reset();
  sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
});

function endpoint(platform: string): string {
  return `arn:aws:sns:eu-central-1:123456789012:endpoint/${platform}/acme/0f1e2d3c-0000-4000-8000-000000000001`;
}

function send(changes: Partial<OutgoingMessage> = {}): Promise<ChannelAnswer> {
  const channel = pushChannel();
  expect(channel.idempotent).toBe(false);
  const push = { ...message, subject: 'Sale', body: 'Hallo "Ada"', to: endpoint('APNS') };
  return channel.send({ ...push, ...changes });
}

function sent(): { readonly [field: string]: unknown } {
  const { Message, ...input } = sns.commandCalls(PublishCommand)[0]?.args[0].input ?? {};
  return { ...input, message: JSON.parse(Message ?? 'null') as unknown };
}

describe('a notification', () => {
  it.each(['APNS', 'APNS_SANDBOX', 'MACOS', 'MACOS_SANDBOX'])(
    'for %s has title and text as Apple takes them',
    async (platform) => {
      expect(await send({ to: endpoint(platform) })).toEqual({
        kind: 'accepted',
        providerMessageId: 'm-1',
      });
      expect(sent()).toEqual({
        TargetArn: endpoint(platform),
        MessageStructure: 'json',
        message: {
          default: 'Hallo "Ada"',
          [platform]: '{"aps":{"alert":{"title":"Sale","body":"Hallo \\"Ada\\""}}}',
        },
      });
    },
  );

  it('for GCM has title and text as Google takes them', async () => {
    await send({ to: endpoint('GCM') });
    expect(sent().message).toEqual({
      default: 'Hallo "Ada"',
      GCM: '{"fcmV1Message":{"message":{"notification":{"title":"Sale","body":"Hallo \\"Ada\\""}}}}',
    });
  });

  it('without a title has none', async () => {
    const { subject: _subject, ...untitled } = message;
    await pushChannel().send({ ...untitled, to: endpoint('APNS'), body: 'Hi' });
    expect(sent().message).toEqual({
      default: 'Hi',
      APNS: '{"aps":{"alert":{"body":"Hi"}}}',
    });
  });

  it.each(['ADM', 'APNS_VOIP', 'BAIDU'])('for %s is the text alone', async (platform) => {
    await send({ to: endpoint(platform) });
    expect(sent().message).toEqual({ default: 'Hallo "Ada"' });
  });

  it.each([
    'c2VjcmV0',
    'arn:aws:sns:eu-central-1:123456789012:topic',
    'arn:aws:sqs:eu-central-1:123456789012:endpoint/APNS/acme/1',
    `${endpoint('APNS')} x`,
  ])('to %j is not sent', async (to) => {
    expect(await send({ to })).toEqual({
      kind: 'refused',
      reason: 'the push token is not the ARN of an SNS endpoint',
    });
    expect(sns.calls()).toEqual([]);
  });
});

describe('an answer of SNS', () => {
  it.each([
    [refusal('EndpointDisabledException'), 'refused'],
    [refusal('NotFoundException', '', {}, 404), 'refused'],
    [refusal('InvalidParameterException', 'Hallo Ada is too long'), 'refused'],
    [refusal('PlatformApplicationDisabledException'), 'misconfigured'],
    [refusal('AuthorizationErrorException', '', {}, 403), 'misconfigured'],
    [refusal('ThrottledException', '', {}, 429), 'transient'],
    [refusal('InternalErrorException', '', {}, 500), 'unknown'],
    [Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), 'unknown'],
  ])('%s makes the message %s', async (error, kind) => {
    sns.on(PublishCommand).rejects(error);
    const answer = await send();
    expect(answer.kind).toBe(kind);
    expect(JSON.stringify(answer)).not.toMatch(personal);
  });
});
