import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { smtpChannel } from '../../../lib/adapters/local/smtp-channel.ts';
import type { ChannelAnswer, OutgoingMessage } from '../../../lib/ports/channel.ts';
import { virtualClock } from '../../../lib/testkit/virtual-clock.ts';

const message: OutgoingMessage = {
  key: 'T1/i1/n1',
  tenant: 'T1',
  customer: 'c1',
  journey: 'J',
  instance: 'i1',
  node: 'n1',
  channel: 'email',
  to: 'ada@example.com',
  subject: 'Grüß Gott',
  body: '<p>Hello</p>',
};

interface Mailbox {
  readonly url: string;
  readonly mails: { readonly from: string; readonly to: string[]; readonly text: string }[];
}

function refusal(responseCode: number): Error {
  return Object.assign(new Error('ada@example.com is not welcome'), { responseCode });
}

async function mailServer(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: Mailbox['mails'] = [];
  const server = new SMTPServer({
    hideSTARTTLS: true,
    authOptional: true,
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push({
          from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          to: envelope.rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, mails };
}

function send(url: string, changes: Partial<OutgoingMessage> = {}): Promise<ChannelAnswer> {
  const clock = virtualClock(Date.parse('2026-01-01T00:00:00Z'));
  const channel = smtpChannel({ url, from: 'Acme <hello@acme.example>', clock });
  expect(channel.idempotent).toBe(false);
  return channel.send({ ...message, ...changes });
}

/** A server that speaks just enough SMTP to break off where a real one might. */
async function breakingServer(breaksAt: 'greeting' | 'RCPT' | 'DATA' | 'text'): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    if (breaksAt === 'greeting') return void socket.destroy();
    socket.write('220 here\r\n');
    socket.on('data', (chunk: Buffer) => {
      const said = chunk.toString();
      if (said.startsWith('EHLO')) socket.write('250 hello\r\n');
      else if (said.startsWith('MAIL')) socket.write('250 ok\r\n');
      else if (said.startsWith(breaksAt) || (breaksAt === 'text' && said.includes('\r\n.\r\n')))
        socket.destroy();
      else if (said.startsWith('RCPT')) socket.write('250 ok\r\n');
      else if (said.startsWith('DATA')) socket.write('354 go ahead\r\n');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('smtpChannel', () => {
  it('hands over a mail whose id and tag come from the key of the message', async () => {
    const { url, mails } = await mailServer();
    const id = '<e80b0d8810627cd3ab73869e1d353bf6f9debba9@kalcifer>';
    const answer = await send(url);
    expect(answer).toEqual({ kind: 'accepted', providerMessageId: id });
    const [mail] = mails;
    expect(mail).toMatchObject({ from: 'hello@acme.example', to: ['ada@example.com'] });
    for (const line of [
      'From: Acme <hello@acme.example>',
      'To: ada@example.com',
      'Subject: =?UTF-8?Q?Gr=C3=BC=C3=9F_Gott?=',
      `Message-ID: ${id}`,
      'X-Kalcifer-Message: T1/i1/n1',
      'Date: Thu, 01 Jan 2026 00:00:00 +0000',
      'Content-Type: text/html; charset=utf-8',
      '<p>Hello</p>',
    ]) {
      expect(mail?.text.split('\r\n')).toContain(line);
    }
    expect(await send(url)).toEqual(answer);
    expect(await send(url, { key: 'T1/i1/n2' })).not.toEqual(answer);
  });

  it('sends in the name of the node when it names a sender', async () => {
    const { url, mails } = await mailServer();
    await send(url, { from: 'Ops <ops@acme.example>' });
    expect(mails[0]?.from).toBe('ops@acme.example');
    expect(mails[0]?.text).toContain('From: Ops <ops@acme.example>');
  });

  it.each([
    [450, 'transient'],
    [550, 'refused'],
  ] as const)(
    'tells an answer of %d to the recipient as %s, without the address',
    async (code, kind) => {
      const { url } = await mailServer({ onRcptTo: (_to, _session, done) => done(refusal(code)) });
      expect(await send(url)).toEqual({
        kind,
        reason: `the mail server answered ${code} to RCPT TO`,
      });
    },
  );

  it.each([
    [451, 'transient'],
    [554, 'refused'],
  ] as const)('tells an answer of %d to the text as %s', async (code, kind) => {
    const { url } = await mailServer({
      onData: (stream, _session, done) => {
        stream.resume();
        stream.on('end', () => done(refusal(code)));
      },
    });
    expect(await send(url)).toEqual({
      kind,
      reason: `the mail server answered ${code} to the text`,
    });
  });

  it.each([
    [421, 'transient'],
    [552, 'refused'],
    [553, 'misconfigured'],
  ] as const)('tells an answer of %d to the sender as %s', async (code, kind) => {
    const { url } = await mailServer({
      onMailFrom: (_from, _session, done) => done(refusal(code)),
    });
    expect(await send(url)).toMatchObject({ kind });
  });

  it('logs in with what the URL says, and tells a wrong password as a wrong set-up', async () => {
    const { url, mails } = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        username === 'ada' && password === 'p@ss'
          ? done(null, { user: 'ada' })
          : done(refusal(535)),
    });
    const right = url.replace('://', '://ada:p%40ss@');
    expect(await send(right)).toMatchObject({ kind: 'accepted' });
    expect(mails).toHaveLength(1);
    const wrong = await send(url.replace('://', '://ada:secret@'));
    expect(wrong).toMatchObject({ kind: 'misconfigured' });
    expect(JSON.stringify(wrong)).not.toContain('secret');
    expect(mails).toHaveLength(1);
  });

  it.each([
    ['greeting', 'transient', 'the mail server cannot be reached (ECONNECTION)'],
    ['RCPT', 'transient', 'the mail server cannot be reached (ECONNECTION)'],
    ['DATA', 'transient', 'the mail server cannot be reached (ECONNECTION)'],
    ['text', 'unknown', 'the connection broke after the text was sent (ECONNECTION)'],
  ] as const)('tells a connection that breaks at the %s as %s', async (place, kind, reason) => {
    expect(await send(await breakingServer(place))).toEqual({ kind, reason });
  });

  it('tells a server that is not there as one to try again', async () => {
    expect(await send('smtp://127.0.0.1:1')).toEqual({
      kind: 'transient',
      reason: 'the mail server cannot be reached (ESOCKET)',
    });
  });
});
