import {
  PinpointSMSVoiceV2Client,
  SendTextMessageCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { smsChannel } from '../../../lib/adapters/aws/sms-channel.ts';
import type { ChannelAnswer, OutgoingMessage } from '../../../lib/ports/channel.ts';
import { message, personal, refusal } from './messages.ts';

const sms = mockClient(PinpointSMSVoiceV2Client);
beforeEach(() => {
  sms.reset();
  sms.on(SendTextMessageCommand).resolves({ MessageId: 'm-1' });
});

function send(changes: Partial<OutgoingMessage> = {}): Promise<ChannelAnswer> {
  const { subject: _subject, ...text } = message;
  const channel = smsChannel({ origination: 'pool-1' });
  expect(channel.idempotent).toBe(false);
  return channel.send({ ...text, to: '+49 (0)30 123456', body: 'Hallo Ada', ...changes });
}

function sent(): unknown {
  return sms.commandCalls(SendTextMessageCommand)[0]?.args[0].input;
}

describe('a text message', () => {
  it('goes to the number, with our ids', async () => {
    expect(await send()).toEqual({ kind: 'accepted', providerMessageId: 'm-1' });
    expect(sent()).toEqual({
      DestinationPhoneNumber: '+4930123456',
      OriginationIdentity: 'pool-1',
      MessageBody: 'Hallo Ada',
      Context: {
        kalcifer_tenant: 'T1',
        kalcifer_journey: 'welcome',
        kalcifer_instance: '0Ab',
        kalcifer_node: 'n1',
      },
    });
  });

  it('comes from whom the node names, through the configuration set that is set', async () => {
    const channel = smsChannel({ origination: 'pool-1', configurationSet: 'texts' });
    await channel.send({ ...message, to: '+4930123456', from: 'ACME' });
    expect(sent()).toMatchObject({ OriginationIdentity: 'ACME', ConfigurationSetName: 'texts' });
  });

  it('without a country is not sent', async () => {
    expect(await send({ to: '030 123456' })).toEqual({
      kind: 'refused',
      reason: 'the phone number does not say its country',
    });
    expect(sms.calls()).toEqual([]);
  });
});

describe('an answer of the service', () => {
  const conflict = (Reason: string): Error => refusal('ConflictException', '', { Reason });
  const invalid = (Reason: string, ...names: string[]): Error =>
    refusal('ValidationException', '+4930123456 is odd', {
      Reason,
      Fields: names.map((Name) => ({ Name, Message: '+4930123456' })),
    });
  const quota = { Reason: 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT' };

  it.each([
    [refusal('ThrottlingException'), 'transient'],
    [refusal('ServiceQuotaExceededException', '', quota), 'transient'],
    [refusal('InternalServerException', '', {}, 500), 'unknown'],
    [refusal('AccessDeniedException', '', { Reason: 'ACCOUNT_DISABLED' }), 'misconfigured'],
    [refusal('ResourceNotFoundException'), 'misconfigured'],
    [conflict('DESTINATION_PHONE_NUMBER_OPTED_OUT'), 'refused'],
    [conflict('DESTINATION_PHONE_NUMBER_NOT_VERIFIED'), 'refused'],
    [conflict('DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION'), 'refused'],
    [conflict('RESOURCE_NOT_ACTIVE'), 'misconfigured'],
    [conflict('NUMBER_CAPABILITIES_MISMATCH'), 'misconfigured'],
    [refusal('ConflictException'), 'misconfigured'],
    [invalid('CANNOT_PARSE', 'DestinationPhoneNumber'), 'refused'],
    [invalid('FIELD_VALIDATION_FAILED', 'MessageBody'), 'refused'],
    [invalid('FIELD_VALIDATION_FAILED', 'OriginationIdentity'), 'misconfigured'],
    [invalid('INVALID_PARAMETER', 'ConfigurationSetName'), 'misconfigured'],
    [invalid('CHANNEL_NOT_ENABLED'), 'misconfigured'],
    [invalid('SENDER_ID_NOT_SUPPORTED', 'OriginationIdentity'), 'refused'],
    [refusal('ValidationException'), 'refused'],
    [Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), 'unknown'],
    [Object.assign(new Error(), { code: 'ECONNREFUSED', syscall: 'connect' }), 'transient'],
  ])('%#: makes the message %s', async (error, kind) => {
    sms.on(SendTextMessageCommand).rejects(error);
    const answer = await send();
    expect(answer.kind).toBe(kind);
    expect(JSON.stringify(answer)).not.toMatch(personal);
  });

  it('is told with its reason, when it is one that the service has', async () => {
    sms.on(SendTextMessageCommand).rejects(conflict('DESTINATION_PHONE_NUMBER_OPTED_OUT'));
    expect(await send()).toEqual({
      kind: 'refused',
      reason:
        'AWS End User Messaging refuses it (DESTINATION_PHONE_NUMBER_OPTED_OUT, Conflict, request r-1)',
    });
    sms.on(SendTextMessageCommand).rejects(conflict('+4930123456 is odd'));
    expect(await send()).toEqual({
      kind: 'misconfigured',
      reason: 'AWS End User Messaging refuses it (Conflict, request r-1)',
    });
  });
});
