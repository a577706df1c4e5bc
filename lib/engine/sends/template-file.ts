/** Message templates as files: `templates/<id>.liquid`, with YAML front matter for channel and subject. */
import { parseDocument } from 'yaml';
import { checkTemplate } from './template-checks.ts';
import { isJsonObject } from '../../json.ts';
import { KalciferError, type Problem } from '../../kalcifer-error.ts';

export interface TemplateFile {
  readonly id: string;
  readonly channel?: string;
  readonly subject?: string;
  readonly body: string;
}

/**
 * `---\nchannel: email\nsubject: Hello {{ customer.name }}\n---\n<p>Hello!</p>` -> channel, subject and body. A file without front
 * matter is a body and nothing else. Liquid needs no quotes, although YAML would ask for them.
 *
 * @throws KalciferError `template.front_matter` with every problem, each with its line
 */
export function parseTemplateFile(id: string, text: string): TemplateFile {
  const { template, problems } = readFileText(id, text);
  const [first] = problems;
  if (first === undefined) return template;
  throw new KalciferError(
    'template.front_matter',
    `Template "${id}" begins with front matter that cannot be read: ${first.message}.`,
    { problems },
  );
}

/** Everything that is wrong with a file, by the lines of the file: its front matter, its texts, its channel. */
export function checkTemplateFile(id: string, text: string): readonly Problem[] {
  const { template, problems, bodyLine } = readFileText(id, text);
  if (problems.length > 0) return problems;
  // Empty lines before the body, so that its lines are counted as those of the file.
  return checkTemplate({ ...template, body: '\n'.repeat(bodyLine - 1) + template.body });
}

interface FileText {
  readonly template: TemplateFile;
  readonly problems: readonly Problem[];
  /** 1 for a file without front matter. */
  readonly bodyLine: number;
}

function readFileText(id: string, text: string): FileText {
  const match = /^---\r?\n(.*?\r?\n)?---(?:\r?\n|$)(.*)$/s.exec(text);
  if (match === null) return { template: { id, body: text }, problems: [], bodyLine: 1 };
  const [, head = '', body = ''] = match;
  const { fields, problems } = readFrontMatter(head);
  return {
    template: { id, ...fields, body },
    problems,
    bodyLine: head.split('\n').length + 2,
  };
}

interface FrontMatter {
  readonly fields: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
}

function readFrontMatter(head: string): FrontMatter {
  const document = parseDocument(head.split(/\r?\n/).map(withQuotedLiquid).join('\n'));
  if (document.errors.length > 0) {
    return {
      fields: {},
      problems: document.errors.map(({ message, linePos }) =>
        // The first line of the file is the one before the front matter.
        problem((linePos?.[0].line ?? 0) + 1, firstSentence(message)),
      ),
    };
  }
  const content: unknown = document.toJS() ?? {};
  if (!isJsonObject(content)) return { fields: {}, problems: [problem(2, `it is not ${known}`)] };
  const fields: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [name, value] of Object.entries(content)) {
    const line = lineOf(head, name);
    if (name !== 'channel' && name !== 'subject') {
      problems.push(problem(line, `"${name}" is not ${known}`));
    } else if (typeof value !== 'string') {
      problems.push(problem(line, `the ${name} is not a text`));
    } else {
      fields[name] = value;
    }
  }
  return { fields, problems };
}

const known = 'one of "channel: ..." and "subject: ..."';

/** `subject: {{ customer.name }}, hello` -> the same with its value in quotes. */
function withQuotedLiquid(line: string): string {
  const [, name, value] = /^(\w+:[ \t]+)([^"'|>\s].*?)[ \t]*$/.exec(line) ?? [];
  if (name === undefined || value === undefined || !/\{[{%]/.test(value)) return line;
  return name + JSON.stringify(value);
}

/** A line of the file. */
function lineOf(head: string, name: string): number {
  const lines = head.split('\n');
  return lines.findIndex((line) => line.replace(/^["']/, '').startsWith(name)) + 2;
}

function firstSentence(message: string): string {
  return message.split('\n')[0]?.replace(/ at line \d+.*$/, '') ?? message;
}

function problem(line: number, message: string): Problem {
  return { code: 'template.front_matter', message: `line ${line}: ${message}` };
}
