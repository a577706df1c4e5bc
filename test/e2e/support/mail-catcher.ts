/**
 * Where MiniStack hands its mails on to: keeps the message tags of each, which its own outbox leaves out. An SMTP server to take
 * mails, and an HTTP server for tests to read `{ [message id]: header }`.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { headerIn } from './mail-header.ts';

export interface MailCatcher {
  /** `host:port` */
  readonly smtp: string;
  readonly url: string;
  close(): Promise<void>;
}

export async function openMailCatcher(): Promise<MailCatcher> {
  const tags: Record<string, string> = {};
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      void text(stream).then((message) => {
        const id = /<([^>]+)>/.exec(headerIn(message, 'message-id'))?.[1] ?? '';
        tags[id] = headerIn(message, 'x-ses-message-tags');
        done();
      });
    },
  });
  const http = createServer((_, response) => response.end(JSON.stringify(tags)));
  const ports = [
    await listen(smtp.listen(0, '127.0.0.1')),
    await listen(http.listen(0, '127.0.0.1')),
  ];
  return {
    smtp: `127.0.0.1:${ports[0]}`,
    url: `http://127.0.0.1:${ports[1]}`,
    close: async () => {
      http.close();
      await new Promise<void>((resolve) => smtp.close(resolve));
    },
  };
}

async function listen(server: Server): Promise<number> {
  if (!server.listening) await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
