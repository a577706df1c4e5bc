import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { runCli, runCliIn } from '../support/run-cli.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kalcifer-preview-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

describe('kalcifer preview', () => {
  it('shows subject and body as the customer would receive them', async () => {
    const { code, stdout } = await runCli(
      'preview',
      'welcome',
      '--customer',
      '{"name":"Ada & Co"}',
    );
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'channel  email',
        'subject  Welcome, Ada & Co',
        '',
        '<p>Hello Ada &amp; Co,</p>',
        '<p>your account is ready. Two things make the first day worth it: invite a colleague, and draw your first journey.</p>',
        '',
        '',
      ].join('\n'),
    );
  });

  it('shows a sample by its name where there is no folder of templates', async () => {
    const { code, stdout } = await runCliIn(folder, 'preview', 'welcome');
    expect(code).toBe(0);
    expect(stdout).toContain('subject  Welcome, friend');
    const named = await runCliIn(folder, 'preview', 'welcome', '--folder', 'mine');
    expect([named.code, named.stderr]).toEqual([
      1,
      'error mine/welcome.liquid: there is no such template. [file.unreadable]\n',
    ]);
  });

  it('refuses to show a mail as a text message', async () => {
    const { code, stdout, stderr } = await runCli('preview', 'welcome', '--channel', 'sms');
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      'error Template "welcome" is for email, so no message of channel sms can use it. [preview.channel]\n',
    ]);
  });

  it('says so when the body cannot be written', async () => {
    const html = join(folder, 'none', 'welcome.html');
    const { code, stderr } = await runCli('preview', 'welcome', '--html', html);
    expect([code, stderr]).toEqual([1, `error ${html} cannot be written. [file.unwritable]\n`]);
  });

  it('reads facts from files, tells what is missing, and writes the body to a file', async () => {
    const template = join(folder, 'sale.liquid');
    const customer = join(folder, 'ada.json');
    const html = join(folder, 'sale.html');
    await writeFile(
      template,
      '---\nchannel: push\nsubject: "{{ customer.plan }}"\n---\n{{ event.item }} {{ context.code }} {{ customer.nick }}\n',
    );
    await writeFile(customer, '{"id":"ada","properties":{"plan":"pro"}}');
    const { code, stdout } = await runCli(
      ...['preview', template, '--customer', customer],
      ...['--event', '{"item":"<Hat>"}', '--html', html],
    );
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'channel  push',
        'subject  pro',
        '',
        '<Hat>',
        '',
        'missing  context.code is not set, so its place is empty',
        'missing  customer.nick is not set, so its place is empty',
        `written  ${html}`,
        '',
      ].join('\n'),
    );
    expect(await readFile(html, 'utf8')).toBe('<Hat>  \n');
  });

  it('tells every problem of a template with its line in the file, and exits with 1', async () => {
    const template = join(folder, 'bad.liquid');
    await writeFile(
      template,
      '---\nchannel: sms\nsubject: Hi\n---\nHello\n{{ customer.name | upcasse }}\n',
    );
    const { code, stdout, stderr } = await runCli('preview', template);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`${template} error text messages have no subject [template.text]`);
    expect(stderr).toContain('the body is not a template: line 6: undefined filter: upcasse');
    expect(stderr).toContain('hint Did you mean "upcase"?');
  });

  it.each([
    [['preview', 'nowhere'], 'there is no such template'],
    [['preview', 'welcome', '--customer', '[1]'], '[1]: there is no such file'],
    [['preview', 'welcome', '--customer', '{"name"'], '--customer is not a JSON object'],
    [['preview', 'welcome', '--event', 'package.json.not'], 'there is no such file'],
    [['preview', 'welcome', '--channel', 'fax'], 'There is no channel "fax"'],
  ])('refuses what it cannot read in one sentence: %j', async (args, message) => {
    const { code, stderr } = await runCli(...args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
