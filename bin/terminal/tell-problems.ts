/** Shows problems of a journey file as a good compiler does: file, line and column, what is wrong, the line itself, and a hint. */
import { findNodeAtLocation, parseTree, type Node } from 'jsonc-parser';
import type { CheckedFile } from '../journey-file.ts';
import { edgeName, type GraphEdge } from '../../lib/journey/graph.ts';
import type { Problem } from '../../lib/kalcifer-error.ts';
import { paint } from './paint.ts';
import { spell } from './spell-duration.ts';

export function tellProblems(file: string, checked: CheckedFile): string {
  const { problems, warnings, text } = checked;
  const tree = text === undefined ? undefined : parseTree(text);
  const tell = (kind: 'error' | 'warning') => (problem: Problem) =>
    tellOne(kind, file, problem, text ?? '', tree);
  const told = [...problems.map(tell('error')), ...warnings.map(tell('warning'))];
  return `${[...told, summary(file, checked)].join('\n')}\n`;
}

function tellOne(
  kind: 'error' | 'warning',
  file: string,
  problem: Problem,
  text: string,
  tree: Node | undefined,
): string {
  const { code, message, hint } = problem;
  const place = placeOf(text, offsetOf(problem, tree));
  const where = place === undefined ? file : `${file}:${place.line}:${place.column}`;
  const lines = [
    `${paint('bold', where)} ${paint(kind === 'error' ? 'red' : 'yellow', kind)} ${message} ${paint('dim', `[${code}]`)}`,
  ];
  if (place !== undefined) {
    const number = String(place.line);
    lines.push(`  ${paint('dim', `${number} |`)} ${place.text.trimEnd()}`);
  }
  if (hint !== undefined) lines.push(`  ${paint('cyan', 'hint')} ${hint}`);
  return `${lines.join('\n')}\n`;
}

function summary(file: string, { problems, warnings, nodes, waits }: CheckedFile): string {
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

interface Place {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

function placeOf(text: string, offset: number | undefined): Place | undefined {
  if (offset === undefined) return undefined;
  const before = text.slice(0, offset).split('\n');
  const line = before.length;
  return {
    line,
    column: (before.at(-1)?.length ?? 0) + 1,
    text: text.split('\n')[line - 1] ?? '',
  };
}

/** Where the problem is in the text: its path, else its edge, else its node. */
function offsetOf({ node, edge, path, code }: Problem, tree: Node | undefined): number | undefined {
  if (tree === undefined || code === 'file.not_json') return undefined;
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
