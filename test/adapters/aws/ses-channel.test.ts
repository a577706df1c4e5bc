import { SendRawEmailCommand, SESClient, type SendRawEmailCommandInput } from '@aws-sdk/client-ses';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sesChannel } from '../../../lib/adapters/aws/ses-channel.ts';
import type { ChannelAnswer, OutgoingMessage } from '../../../lib/ports/channel.ts';
import { deadEndpoint, fakeEndpoint, type Behaviour } from './fake-endpoint.ts';
import { message, personal, refusal } from './messages.ts';

const ses = mockClient(SESClient);
beforeEach(() => {
  ses.reset();
  ses.on(SendRawEmailCommand).resolves({ MessageId: 'm-1' });
});

function send(changes: Partial<OutgoingMessage> = {}): Promise<ChannelAnswer> {
  return sesChannel({ from: 'Acme <hello@acme.example>' }).send({ ...message, ...changes });
}

async function sent(changes: Partial<OutgoingMessage> = {}): Promise<SendRawEmailCommandInput> {
  expect(await send(changes)).toEqual({ kind: 'accepted', providerMessageId: 'm-1' });
  const [call] = ses.commandCalls(SendRawEmailCommand);
  if (call === undefined) throw new Error('Nothing was sent.');
  return call.args[0].input;
}

function linesOf({ RawMessage }: SendRawEmailCommandInput): readonly string[] {
  const text = Buffer.from(RawMessage?.Data ?? []).toString();
  return text.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
}

describe('a mail', () => {
  it('is the message, from the sender to the customer', async () => {
    const input = await sent();
    expect(input).toMatchObject({
      Source: 'hello@acme.example',
      Destinations: ['ada@example.com'],
    });
    expect(input).not.toHaveProperty('ConfigurationSetName');
    expect(linesOf(input)).toEqual(
      expect.arrayContaining([
        'From: Acme <hello@acme.example>',
        'To: ada@example.com',
        'Subject: =?UTF-8?Q?Gr=C3=BC=C3=9F_Gott?=',
        'Content-Type: text/html; charset=utf-8',
        'X-Kalcifer-Message: T1/0Ab/n1',
        '<p>Hallo Ada</p>',
      ]),
    );
  });

  it('carries our ids as tags, as a parameter and as a header', async () => {
    const input = await sent({ journey: 'welcome back', node: 'mail/1' });
    expect(input.Tags).toEqual([
      { Name: 'kalcifer_tenant', Value: 'T1' },
      { Name: 'kalcifer_journey', Value: '_d2VsY29tZSBiYWNr' },
      { Name: 'kalcifer_instance', Value: '0Ab' },
      { Name: 'kalcifer_node', Value: '_bWFpbC8x' },
    ]);
    expect(linesOf(input)).toContain(
      'X-SES-MESSAGE-TAGS: kalcifer_tenant=T1, kalcifer_journey=_d2VsY29tZSBiYWNr, kalcifer_instance=0Ab, kalcifer_node=_bWFpbC8x',
    );
  });

  it('is sent in the name of the node when it names a sender', async () => {
    const input = await sent({ from: 'Ops <ops@acme.example>' });
    expect(input.Source).toBe('ops@acme.example');
    expect(linesOf(input)).toContain('From: Ops <ops@acme.example>');
  });

  it('goes through the configuration set that is set', async () => {
    const channel = sesChannel({ from: 'hello@acme.example', configurationSet: 'kalcifer-dev' });
    await channel.send(message);
    const [call] = ses.commandCalls(SendRawEmailCommand);
    expect(call?.args[0].input.ConfigurationSetName).toBe('kalcifer-dev');
  });

  it('has one recipient, whatever the address says', async () => {
    const input = await sent({ to: '"a, b@c.example"@example.com' });
    expect(input.Destinations).toHaveLength(1);
  });

  it('without a sender is not sent', async () => {
    const channel = sesChannel({ from: 'nobody' });
    expect(await channel.send(message)).toEqual({
      kind: 'misconfigured',
      reason: 'the sender is not an e-mail address',
    });
    expect(ses.calls()).toEqual([]);
  });

  it('may be sent twice when it is handed over twice', () => {
    expect(sesChannel({ from: 'hello@acme.example' }).idempotent).toBe(false);
  });
});

describe('an answer of SES', () => {
  const unverified = (who: string): Error =>
    refusal(
      'MessageRejected',
      `Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: ${who}`,
    );

  it.each([
    [refusal('Throttling', 'Maximum sending rate exceeded.'), 'transient'],
    [refusal('Throttling', 'Daily message quota exceeded.'), 'transient'],
    [refusal('ThrottlingException', 'Maximum sending rate exceeded.'), 'transient'],
    [refusal('ServiceUnavailable', '', {}, 503), 'transient'],
    [refusal('InternalFailure', '', {}, 500), 'unknown'],
    [refusal('AccountSendingPausedException'), 'misconfigured'],
    [refusal('ConfigurationSetDoesNotExistException'), 'misconfigured'],
    [refusal('ConfigurationSetSendingPausedException'), 'misconfigured'],
    [refusal('MailFromDomainNotVerifiedException'), 'misconfigured'],
    [refusal('AccessDenied', '', {}, 403), 'misconfigured'],
    [refusal('InvalidClientTokenId', '', {}, 403), 'misconfigured'],
    [refusal('SignatureDoesNotMatch', '', {}, 403), 'misconfigured'],
    [refusal('InvalidParameterValue', 'Missing final @domain'), 'refused'],
    [unverified('hello@acme.example'), 'misconfigured'],
    [unverified('Acme <hello@acme.example>, ada@example.com'), 'misconfigured'],
    [unverified('ada@example.com'), 'refused'],
    [unverified('othello@acme.example'), 'refused'],
    [refusal('MessageRejected', 'Email address is not verified.'), 'misconfigured'],
    [refusal('MessageRejected', 'Sending suspended for this account.'), 'misconfigured'],
    [refusal('MessageRejected', 'Sending paused for this account.'), 'misconfigured'],
    [refusal('MessageRejected', 'Address blacklisted.'), 'refused'],
  ])('%s makes the message %s', async (error, kind) => {
    ses.on(SendRawEmailCommand).rejects(error);
    const answer = await send();
    expect(answer.kind).toBe(kind);
    expect(JSON.stringify(answer)).not.toMatch(personal);
  });

  it('is told with its name and the number of the request', async () => {
    ses.on(SendRawEmailCommand).rejects(refusal('InvalidParameterValue', 'ada@example.com is odd'));
    expect(await send()).toEqual({
      kind: 'refused',
      reason: 'SES refuses it (InvalidParameterValue, request r-1)',
    });
  });
});

describe('a call over the network', () => {
  beforeEach(() => {
    ses.restore();
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  async function sendTo(behaviour: Behaviour): Promise<{ answer: ChannelAnswer; calls: number }> {
    const { url, requests } = await fakeEndpoint(behaviour);
    vi.stubEnv('AWS_ENDPOINT_URL', url);
    const answer = await send();
    return { answer, calls: requests.length };
  }

  const errorXml = (code: string): string =>
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`;

  it('is made, and answered with the id that SES gave', async () => {
    const result = '<SendRawEmailResult><MessageId>m-2</MessageId></SendRawEmailResult>';
    const body = `<SendRawEmailResponse>${result}</SendRawEmailResponse>`;
    expect(await sendTo({ status: 200, body })).toEqual({
      answer: { kind: 'accepted', providerMessageId: 'm-2' },
      calls: 1,
    });
  });

  it.each([
    [{ status: 400, body: errorXml('Throttling') }, 'transient'],
    [{ status: 500, body: errorXml('InternalFailure') }, 'unknown'],
    [{ status: 503, body: errorXml('ServiceUnavailable') }, 'transient'],
    [{ status: 400, body: errorXml('ConfigurationSetDoesNotExist') }, 'misconfigured'],
    ['reset', 'unknown'],
  ] as const)('that ends with %j is made once, and the message is %s', async (behaviour, kind) => {
    const { answer, calls } = await sendTo(behaviour);
    expect(answer.kind).toBe(kind);
    expect(calls).toBe(1);
  });

  it('that reaches nobody may be made again', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', await deadEndpoint());
    expect(await send()).toEqual({
      kind: 'transient',
      reason: 'SES cannot be reached (ECONNREFUSED)',
    });
  });

  it('is not made with credentials that are not there', async () => {
    const { url, requests } = await fakeEndpoint('reset');
    const credentials = (): Promise<never> =>
      Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' }));
    const client = new SESClient({ endpoint: url, region: 'eu-central-1', credentials });
    const channel = sesChannel({ from: 'hello@acme.example', client });
    expect(await channel.send(message)).toMatchObject({ kind: 'misconfigured' });
    expect(requests).toEqual([]);
  });

  it('never uses a connection that may have been closed', async () => {
    const body = '<SendRawEmailResponse/>';
    const { url, requests } = await fakeEndpoint({ status: 200, body });
    vi.stubEnv('AWS_ENDPOINT_URL', url);
    const channel = sesChannel({ from: 'hello@acme.example' });
    await channel.send(message);
    await channel.send(message);
    expect(requests.map(({ connection }) => connection)).toEqual(['close', 'close']);
  });
});
