import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { expect, it, onTestFinished } from 'vitest';
import { runCli } from '../support/run-cli.ts';

it('kalcifer dev --smtp sends the mails of the walk to a mail catcher, and never shows the password', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kalcifer-smtp-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const mails: string[] = [];
  const server = new SMTPServer({
    hideSTARTTLS: true,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) => {
      if (username === 'ada' && password === 'hunter2') done(null, { user: 'ada' });
      else done(new Error('wrong'));
    },
    onData: (stream, _session, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => {
        mails.push(text);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;

  const { code, stdout, stderr } = await runCli(
    ...['dev', '--once', '--folder', join(folder, 'data'), '--port', '0'],
    ...['--smtp', `smtp://ada:hunter2@127.0.0.1:${port}`, '--mail-from', 'Acme <hi@acme.example>'],
  );
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain(`go to the mail server at 127.0.0.1:${port}`);
  expect(stdout).not.toContain('hunter2');
  expect(mails).toHaveLength(2);
  expect(mails[0]).toContain('From: Acme <hi@acme.example>');
  expect(mails[0]).toContain('Subject: Welcome, Ada');

  const wrong = await runCli('dev', '--once', '--folder', folder, '--smtp', 'http://x:hunter2@y');
  expect([wrong.code, wrong.stdout.includes('hunter2'), wrong.stderr.includes('hunter2')]).toEqual([
    1,
    false,
    false,
  ]);
  expect(wrong.stderr).toContain('[smtp.url]');
});
