/** `kalcifer preview TEMPLATE`: shows what a customer would receive, and what the text misses. */
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { emptyProfile, profileFacts } from '../../lib/engine/records/profile.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { systemClock } from '../../lib/local/system-clock.ts';
import { checkTemplateFile, parseTemplateFile } from '../../lib/local/template-files.ts';
import {
  isMessageChannel,
  messageChannels,
  type MessageChannel,
} from '../../lib/nodes/channel-rules.ts';
import type { Facts } from '../../lib/nodes/node-type.ts';
import { renderMessage } from '../../lib/nodes/render-message.ts';
import { readObject, readText } from '../read-option.ts';
import { paint } from '../terminal/paint.ts';

interface PreviewOptions {
  readonly folder: string;
  readonly customer: string;
  readonly event: string;
  readonly context: string;
  readonly channel?: string;
  readonly html?: string;
}

export function addPreviewCommand(program: Command): void {
  program
    .command('preview')
    .description('Show what a customer would receive from a template, and what the text misses')
    .argument('<template>', 'name of a template in the folder, or a .liquid file')
    .option('--folder <folder>', 'where the templates are', 'templates')
    .option('--customer <json>', 'the profile, as JSON or as a file', '{}')
    .option('--event <json>', 'data of the entry event, as JSON or as a file', '{}')
    .option('--context <json>', 'context of the enrolment, as JSON or as a file', '{}')
    .option('--channel <channel>', 'for a template that any channel may use')
    .option('--html <file>', 'write the body to this file as well')
    .action(preview);
}

async function preview(template: string, options: PreviewOptions): Promise<void> {
  const file = template.endsWith('.liquid') ? template : join(options.folder, `${template}.liquid`);
  const text = await readText(file, 'there is no such template');
  const id = basename(file, '.liquid');
  const problems = checkTemplateFile(id, text);
  if (problems.length > 0) {
    for (const { message, hint, code } of problems) {
      process.stderr.write(
        `${paint('bold', file)} ${paint('red', 'error')} ${message} ${paint('dim', `[${code}]`)}\n`,
      );
      if (hint !== undefined) process.stderr.write(`  ${paint('cyan', 'hint')} ${hint}\n`);
    }
    process.exitCode = 1;
    return;
  }
  const source = parseTemplateFile(id, text);
  const channel = channelOf(options.channel ?? source.channel);
  const facts = await readFacts(options);
  const rendered = renderMessage(channel, source, { facts, now: systemClock().now() });
  if ('problem' in rendered) {
    throw new KalciferError(rendered.code, `Template "${id}" cannot be sent: ${rendered.problem}.`);
  }
  const say = (name: string, value: string): void =>
    void process.stdout.write(`${paint('dim', name.padEnd(8))} ${value}\n`);
  say('channel', channel);
  if (rendered.subject !== undefined) say('subject', rendered.subject);
  process.stdout.write(`\n${rendered.body.trimEnd()}\n\n`);
  for (const path of rendered.missing) {
    say(paint('yellow', 'missing'), `${path} is not set, so its place is empty`);
  }
  if (options.html !== undefined) {
    await writeFile(options.html, rendered.body);
    say('written', options.html);
  }
}

function channelOf(name = 'email'): MessageChannel {
  if (isMessageChannel(name)) return name;
  throw new KalciferError(
    'preview.channel',
    `There is no channel "${name}". There are: ${messageChannels.join(', ')}.`,
  );
}

/** As a node of a journey would see them. */
async function readFacts({ customer, event, context }: PreviewOptions): Promise<Facts> {
  const [profile, data, given] = await Promise.all([
    readObject('--customer', customer),
    readObject('--event', event),
    readObject('--context', context),
  ]);
  const id = typeof profile.id === 'string' ? profile.id : 'preview';
  return {
    customer: profileFacts(id, { ...emptyProfile, ...profile }),
    event: { ...data, data },
    context: given,
    accumulated: {},
  };
}
