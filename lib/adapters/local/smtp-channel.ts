/**
 * Mail by SMTP: to a mail catcher on the developer's machine, or to any mail server. SMTP does not deduplicate, so what matters is
 * to tell exactly whether a message can have left: before the server has asked for its text it certainly has not, afterwards only
 * the server's answer knows.
 */
import { Readable } from 'node:stream';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { Channel, ChannelAnswer } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import { composeMail, type Mail } from '../compose-mail.ts';
import { parseSmtpUrl, type SmtpServer } from './smtp-url.ts';

export interface SmtpOptions {
  /** `smtp://localhost:1025`, `smtps://user:password@mail.example.com` */
  readonly url: string;
  /** The sender of messages whose node names none: `Acme <hello@acme.example>`. */
  readonly from: string;
  readonly clock: Clock;
}

/** @throws KalciferError `smtp.url` */
export function smtpChannel({ url, from, clock }: SmtpOptions): Channel {
  const server = parseSmtpUrl(url);
  return {
    idempotent: false,
    send: async (message) => {
      const mail = await composeMail(message, { from, at: clock.now() });
      return handOver(server, mail);
    },
  };
}

/** Milliseconds; all together they are over before the engine stops waiting for an answer. */
const patience = { connectionTimeout: 8_000, greetingTimeout: 5_000, socketTimeout: 12_000 };

async function handOver(server: SmtpServer, mail: Mail): Promise<ChannelAnswer> {
  const { auth, ...address } = server;
  const options: SMTPConnectionOptions = { ...address, ...patience };
  const connection = new SMTPConnection(options);
  let asked = false;
  // Read for the first time when the server has answered DATA with "go ahead".
  const text = new Readable({
    read() {
      asked = true;
      this.push(mail.raw);
      this.push(null);
    },
  });
  try {
    await new Promise<void>((resolve, reject) => {
      connection.once('error', reject);
      connection.connect((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    // What breaks from here on is told by the call that is under way.
    connection.on('error', () => undefined);
    if (auth !== undefined) {
      await new Promise<void>((resolve, reject) => {
        connection.login({ credentials: auth }, (error) => {
          if (error) reject(error);
          else resolve();
        });
      });
    }
    await new Promise<void>((resolve, reject) => {
      connection.send(mail.envelope, text, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    return { kind: 'accepted', providerMessageId: mail.id };
  } catch (error) {
    return answerOf(error as SmtpError, asked);
  } finally {
    text.destroy();
    connection.close();
  }
}

/** What nodemailer tells of a failure: the server's answer, and what it answered. */
interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
  readonly command?: string;
}

/** @param asked whether the server had asked for the text */
function answerOf(
  { code = 'unknown', responseCode, command = '' }: SmtpError,
  asked: boolean,
): ChannelAnswer {
  if (responseCode === undefined) {
    if (asked) {
      return { kind: 'unknown', reason: `the connection broke after the text was sent (${code})` };
    }
    return code === 'EENVELOPE' || code === 'EMESSAGE'
      ? { kind: 'refused', reason: `the mail server does not take such a message (${code})` }
      : { kind: 'transient', reason: `the mail server cannot be reached (${code})` };
  }
  // Never the server's words, which may repeat the address.
  const reason = `the mail server answered ${responseCode} to ${asked ? 'the text' : command}`;
  if (responseCode < 500) return { kind: 'transient', reason };
  if (asked || command === 'RCPT TO' || command === 'DATA') return { kind: 'refused', reason };
  if (code === 'EAUTH') return { kind: 'misconfigured', reason };
  if (command === 'MAIL FROM') {
    return { kind: responseCode === tooLarge ? 'refused' : 'misconfigured', reason };
  }
  return { kind: 'transient', reason };
}

/** "Requested mail action aborted: exceeded storage allocation": about this message, not about its sender. */
const tooLarge = 552;
