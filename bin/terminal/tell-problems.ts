/** Shows problems of a journey file as a good compiler does: file, line and column, what is wrong, the line itself, and a hint. */
import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import { jsonFault } from '../../lib/json-fault.ts';
import type { CheckedFile } from '../journey-file.ts';
import { edgeName, type GraphEdge } from '../../lib/journey/graph.ts';
import type { Problem } from '../../lib/kalcifer-error.ts';
import { paint } from './paint.ts';
import { spell } from './spell-duration.ts';

interface Page {
  readonly file: string;
  readonly text: string;
  readonly tree: Node | undefined;
  readonly paint: (style: Parameters<typeof paint>[0], text: string) => string;
}

/** @param stream where it is going to be written */
export function tellProblems(
  file: string,
  checked: CheckedFile,
  stream: NodeJS.WriteStream = process.stdout,
): string {
  const { problems, warnings, text = '' } = checked;
  const page: Page = {
    file,
    text,
    tree: treeOf(text),
    paint: (style, painted) => paint(style, painted, stream),
  };
  const told = [
    ...problems.map((problem) => tellOne(page, 'error', problem)),
    ...warnings.map((problem) => tellOne(page, 'warning', problem)),
  ];
  return `${[...told, summary(page, checked)].join('\n')}\n`;
}

function tellOne(page: Page, kind: 'error' | 'warning', problem: Problem): string {
  const { code, message, hint } = problem;
  const place = placeOf(page.text, offsetOf(problem, page));
  const where = place === undefined ? page.file : `${page.file}:${place.line}:${place.column}`;
  const lines = [
    `${page.paint('bold', where)} ${page.paint(kind === 'error' ? 'red' : 'yellow', kind)} ${message} ${page.paint('dim', `[${code}]`)}`,
  ];
  if (place !== undefined) lines.push(`  ${page.paint('dim', `${place.line} |`)} ${place.text}`);
  if (hint !== undefined) lines.push(`  ${page.paint('cyan', 'hint')} ${hint}`);
  return `${lines.join('\n')}\n`;
}

function summary({ file, paint }: Page, { problems, warnings, nodes, waits }: CheckedFile): string {
  const count = (number: number, word: string): string =>
    `${number} ${word}${number === 1 ? '' : 's'}`;
  if (problems.length > 0) {
    return `${paint('red', 'refused')} ${file}: ${count(problems.length, 'problem')}, ${count(warnings.length, 'warning')}`;
  }
  const longest = waits === undefined ? '' : `, waits at most ${spell(waits.fixedMs)}`;
  const computed =
    waits === undefined || waits.computed.length === 0 ? '' : ` plus ${waits.computed.join(', ')}`;
  return `${paint('green', 'ok')} ${file}: ${count(nodes ?? 0, 'node')}${longest}${computed}, ${count(warnings.length, 'warning')}`;
}

/** None of a text that is nested without end: the parser works by recursion. */
function treeOf(text: string): Node | undefined {
  if (text === '') return undefined;
  try {
    return parseTree(text);
  } catch {
    return undefined;
  }
}

interface Place {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

function placeOf(text: string, offset: number | undefined): Place | undefined {
  if (offset === undefined) return undefined;
  const before = text.slice(0, offset).split('\n');
  const line = before.length;
  const column = (before.at(-1)?.length ?? 0) + 1;
  return {
    line,
    column,
    text: around(text.split('\n')[line - 1]?.trimEnd() ?? '', column),
  };
}

const charactersMax = 160;

/** As much of a long line as fits, such as one of a file that was written by a program. */
function around(line: string, column: number): string {
  if (line.length <= charactersMax) return line;
  const from = Math.max(0, Math.min(column - charactersMax / 2, line.length - charactersMax));
  return `${from === 0 ? '' : '… '}${line.slice(from, from + charactersMax)} …`;
}

/** Where the problem is in the text: its path, else its edge, else its node. */
function offsetOf({ node, edge, path, code }: Problem, { text, tree }: Page): number | undefined {
  if (code === 'file.not_json') return jsonFault(text).position;
  if (tree === undefined) return undefined;
  if (path !== undefined) return findNodeAtLocation(tree, segments(path))?.offset;
  if (edge !== undefined) return find(tree, 'edges', (one) => edgeName(one as GraphEdge) === edge);
  if (node !== undefined)
    return find(tree, 'nodes', (one) => (one as { id?: unknown }).id === node);
  return undefined;
}

/** `nodes[2].config.timeout` -> nodes, 2, config, timeout */
function segments(path: string): (string | number)[] {
  return path
    .split(/[.[\]]/)
    .filter((segment) => segment !== '')
    .map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment));
}

function find(
  tree: Node,
  list: 'nodes' | 'edges',
  isMeant: (value: unknown) => boolean,
): number | undefined {
  const items = findNodeAtLocation(tree, [list])?.children ?? [];
  return items.find((item) => isMeant(valueOf(item)))?.offset;
}

/** The scalar fields of an object, enough to recognise a node or an edge. */
function valueOf(item: Node): Record<string, unknown> {
  const fields = (item.children ?? []).map(({ children }) => [
    String(children?.[0]?.value),
    children?.[1]?.value as unknown,
  ]);
  return Object.fromEntries(fields) as Record<string, unknown>;
}
