/** `kalcifer preview TEMPLATE`: shows what a customer would receive, and what the text misses. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { emptyProfile, profileFacts } from '../../lib/engine/records/profile.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { systemClock } from '../../lib/adapters/system/system-clock.ts';
import { checkTemplateFile, parseTemplateFile } from '../../lib/engine/sends/template-file.ts';
import {
  isMessageChannel,
  messageChannels,
  type MessageChannel,
} from '../../lib/nodes/messages/channel-rules.ts';
import type { Facts } from '../../lib/nodes/node-type.ts';
import { renderMessage } from '../../lib/nodes/messages/render-message.ts';
import { readObject, readText } from '../read-option.ts';
import { packageFolder } from '../../lib/release.ts';
import { paint } from '../terminal/paint.ts';

interface PreviewOptions {
  readonly folder: string;
  readonly customer: string;
  readonly event: string;
  readonly context: string;
  readonly channel?: string;
  readonly html?: string;
}

const defaultFolder = 'templates';

export function addPreviewCommand(program: Command): void {
  program
    .command('preview')
    .description('Show what a customer would receive from a template, and what the text misses')
    .argument('<template>', 'name of a template in the folder, or a .liquid file')
    .option('--folder <folder>', 'where the templates are', defaultFolder)
    .option('--customer <json>', 'the profile, as JSON or as a file', '{}')
    .option('--event <json>', 'data of the entry event, as JSON or as a file', '{}')
    .option('--context <json>', 'context of the enrolment, as JSON or as a file', '{}')
    .option('--channel <channel>', 'for a template that any channel may use')
    .option('--html <file>', 'write the body to this file as well')
    .action(preview);
}

async function preview(template: string, options: PreviewOptions): Promise<void> {
  const file = fileOf(template, options.folder);
  const text = await readText(file, 'there is no such template');
  const id = basename(file, '.liquid');
  const problems = checkTemplateFile(id, text);
  if (problems.length > 0) {
    const to = process.stderr;
    for (const { message, hint, code } of problems) {
      to.write(
        `${paint('bold', file, to)} ${paint('red', 'error', to)} ${message} ${paint('dim', `[${code}]`, to)}\n`,
      );
      if (hint !== undefined) to.write(`  ${paint('cyan', 'hint', to)} ${hint}\n`);
    }
    process.exitCode = 1;
    return;
  }
  const source = parseTemplateFile(id, text);
  const channel = channelOf(id, options.channel, source.channel);
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
    await writeFile(options.html, rendered.body).catch((cause: unknown) => {
      throw new KalciferError('file.unwritable', `${options.html} cannot be written.`, { cause });
    });
    say('written', options.html);
  }
}

/** A template of the folder; unless that was named, also a sample that comes with Kalcifer. */
function fileOf(template: string, folder: string): string {
  if (template.endsWith('.liquid')) return template;
  const file = join(folder, `${template}.liquid`);
  const sample = join(packageFolder, 'templates', basename(file));
  return folder === defaultFolder && !existsSync(file) && existsSync(sample) ? sample : file;
}

/** The template's own, if it has one. */
function channelOf(
  id: string,
  wanted: string | undefined,
  own: string | undefined,
): MessageChannel {
  const channel = wanted ?? own ?? 'email';
  if (!isMessageChannel(channel)) {
    throw new KalciferError(
      'preview.channel',
      `There is no channel "${channel}". There are: ${messageChannels.join(', ')}.`,
    );
  }
  if (own !== undefined && channel !== own) {
    throw new KalciferError(
      'preview.channel',
      `Template "${id}" is for ${own}, so no message of channel ${channel} can use it.`,
    );
  }
  return channel;
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
