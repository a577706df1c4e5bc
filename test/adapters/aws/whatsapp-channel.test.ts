import { SendWhatsAppMessageCommand, SocialMessagingClient } from '@aws-sdk/client-socialmessaging';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { whatsappChannel } from '../../../lib/adapters/aws/whatsapp-channel.ts';
import type { ChannelAnswer, OutgoingMessage } from '../../../lib/ports/channel.ts';
import { message, personal, refusal } from './messages.ts';

const social = mockClient(SocialMessagingClient);
beforeEach(() => {
  social.reset();
  social.on(SendWhatsAppMessageCommand).resolves({ messageId: 'm-1' });
});

function send(changes: Partial<OutgoingMessage> = {}): Promise<ChannelAnswer> {
  const { subject: _subject, ...text } = message;
  const channel = whatsappChannel({ origination: 'phone-number-id-1' });
  expect(channel.idempotent).toBe(false);
  return channel.send({ ...text, to: '+49 30 123456', body: 'Hallo Ada ✓', ...changes });
}

function sent(): { readonly [field: string]: unknown } {
  const [call] = social.commandCalls(SendWhatsAppMessageCommand);
  const { message: text, ...input } = call?.args[0].input ?? { message: undefined };
  return { ...input, message: JSON.parse(Buffer.from(text ?? []).toString()) as unknown };
}

describe('a WhatsApp message', () => {
  it('is a text, with the key by which Meta reports', async () => {
    expect(await send()).toEqual({ kind: 'accepted', providerMessageId: 'm-1' });
    expect(sent()).toEqual({
      originationPhoneNumberId: 'phone-number-id-1',
      metaApiVersion: 'v20.0',
      message: {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        to: '+4930123456',
        type: 'text',
        text: { body: 'Hallo Ada ✓' },
        biz_opaque_callback_data: 'T1/0Ab/n1',
      },
    });
  });

  it('goes without a key that is too long for Meta', async () => {
    await send({ key: 'x'.repeat(513) });
    expect(sent().message).not.toHaveProperty('biz_opaque_callback_data');
  });

  it('comes from whom the node names', async () => {
    await send({ from: 'phone-number-id-2' });
    expect(sent().originationPhoneNumberId).toBe('phone-number-id-2');
  });

  it('without a country is not sent', async () => {
    expect(await send({ to: '030 123456' })).toMatchObject({ kind: 'refused' });
    expect(social.calls()).toEqual([]);
  });
});

describe('an answer of the service', () => {
  it.each([
    [refusal('ThrottledRequestException', '', {}, 429), 'transient'],
    [refusal('LimitExceededException', '', {}, 402), 'transient'],
    [refusal('AccessDeniedException', '', {}, 403), 'misconfigured'],
    [refusal('AccessDeniedByMetaException', '', {}, 403), 'misconfigured'],
    [refusal('ResourceNotFoundException', '', {}, 404), 'misconfigured'],
    [refusal('InvalidParametersException', '+4930123456 is odd'), 'refused'],
    [refusal('ValidationException', '+4930123456 is odd'), 'refused'],
    [refusal('DependencyException', '', {}, 502), 'unknown'],
    [refusal('InternalServiceException', '', {}, 500), 'unknown'],
    [Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), 'unknown'],
  ])('%s makes the message %s', async (error, kind) => {
    social.on(SendWhatsAppMessageCommand).rejects(error);
    const answer = await send();
    expect(answer.kind).toBe(kind);
    expect(JSON.stringify(answer)).not.toMatch(personal);
  });
});
