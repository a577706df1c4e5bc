/** Reads message templates from files: `templates/<id>.liquid`, with a few lines of front matter for channel and subject. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { KalciferError } from '../kalcifer-error.ts';

export interface TemplateFile {
  readonly id: string;
  readonly channel?: string;
  readonly subject?: string;
  readonly body: string;
}

/** @throws KalciferError `template.front_matter` when a file begins with front matter that cannot be read */
export async function readTemplateFiles(folder: string): Promise<readonly TemplateFile[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.liquid')).toSorted();
  return Promise.all(
    files.map(async (file) =>
      parseTemplateFile(basename(file, '.liquid'), await readFile(join(folder, file), 'utf8')),
    ),
  );
}

/**
 * `---\nchannel: email\nsubject: Hello {{ customer.name }}\n---\n<p>Hello!</p>` -> channel, subject and body. A file without front
 * matter is a body and nothing else.
 */
export function parseTemplateFile(id: string, text: string): TemplateFile {
  const match = /^---\r?\n(.*?)\r?\n---\r?\n?(.*)$/s.exec(text);
  if (match === null) return { id, body: text };
  const [, head = '', body = ''] = match;
  const fields: Record<string, string> = {};
  for (const line of head.split(/\r?\n/)) {
    const [, name, value] = /^(\w+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined || !known.has(name)) {
      throw new KalciferError(
        'template.front_matter',
        `Template "${id}": the front matter line "${line}" is not one of "channel: ..." and "subject: ...".`,
      );
    }
    fields[name] = value;
  }
  return { id, ...fields, body };
}

const known: ReadonlySet<string> = new Set(['channel', 'subject']);
