/**
 * The syntax of JSONPath: text into steps. Serves every place where a state machine names data (`$.a`, `$$.Execution.Name`),
 * and promises that what cannot be parsed is reported, never guessed.
 */
import type { FilterTest } from './json-path-filter.ts';
import { parseFilter } from './json-path-filter.ts';
import type { Cursor } from './text-cursor.ts';
import { readQuoted, skipBlanks } from './text-cursor.ts';

export type PathStep =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | {
      readonly kind: 'slice';
      readonly from: number | undefined;
      readonly to: number | undefined;
    }
  | { readonly kind: 'wildcard' }
  /** Applies the steps after it to the node and to everything below it. */
  | { readonly kind: 'descend' }
  | { readonly kind: 'filter'; readonly test: FilterTest }
  | { readonly kind: 'function'; readonly name: PathFunction };

export type PathFunction = (typeof pathFunctions)[number];

const pathFunctions = ['length', 'min', 'max', 'avg', 'sum', 'keys', 'first', 'last'] as const;

/** Parses steps up to the end of the text, or to the first character that cannot begin one. */
export function parseSteps(cursor: Cursor): PathStep[] | undefined {
  const steps: PathStep[] = [];
  while (cursor.at < cursor.text.length) {
    const character = cursor.text[cursor.at];
    if (character !== '.' && character !== '[') break;
    const parsed = character === '[' ? parseBracket(cursor) : parseDot(cursor);
    if (parsed === undefined) return undefined;
    steps.push(...parsed);
  }
  const functionAt = steps.findIndex((step) => step.kind === 'function');
  const isLast = functionAt === -1 || functionAt === steps.length - 1;
  return isLast && steps.at(-1)?.kind !== 'descend' ? steps : undefined;
}

function parseDot(cursor: Cursor): PathStep[] | undefined {
  const { text } = cursor;
  cursor.at += 1;
  const steps: PathStep[] = [];
  if (text[cursor.at] === '.') {
    cursor.at += 1;
    steps.push({ kind: 'descend' });
  }
  // A dot before a bracket adds nothing: `$.[0]` is `$[0]`.
  if (text[cursor.at] === '[') return steps;
  if (text[cursor.at] === '*') {
    cursor.at += 1;
    return [...steps, { kind: 'wildcard' }];
  }
  const name = readName(cursor);
  if (name === '') return undefined;
  if (text[cursor.at] !== '(') return [...steps, { kind: 'names', names: [name] }];
  const called = pathFunctions.find((known) => known === name);
  if (called === undefined || text[cursor.at + 1] !== ')') return undefined;
  cursor.at += 2;
  return [...steps, { kind: 'function', name: called }];
}

/** A name ends where the next step, an operator or a blank begins; such characters need the bracket form. */
function readName(cursor: Cursor): string {
  const start = cursor.at;
  while (cursor.at < cursor.text.length && !endOfName.includes(cursor.text.charAt(cursor.at))) {
    cursor.at += 1;
  }
  return cursor.text.slice(start, cursor.at);
}

const endOfName = '.[](),\'"*?@$ \t\r\n=<>!&|~';

function parseBracket(cursor: Cursor): PathStep[] | undefined {
  cursor.at += 1;
  skipBlanks(cursor);
  const first = cursor.text[cursor.at];
  const step =
    first === "'" || first === '"'
      ? parseNames(cursor)
      : first === '?'
        ? parseFilterStep(cursor)
        : first === '*'
          ? parseWildcard(cursor)
          : parseIndexes(cursor);
  skipBlanks(cursor);
  if (step === undefined || cursor.text[cursor.at] !== ']') return undefined;
  cursor.at += 1;
  return [step];
}

function parseWildcard(cursor: Cursor): PathStep {
  cursor.at += 1;
  return { kind: 'wildcard' };
}

function parseNames(cursor: Cursor): PathStep | undefined {
  const names: string[] = [];
  for (;;) {
    skipBlanks(cursor);
    const name = readQuoted(cursor);
    if (name === undefined) return undefined;
    names.push(name);
    skipBlanks(cursor);
    if (cursor.text[cursor.at] !== ',') return { kind: 'names', names };
    cursor.at += 1;
  }
}

function parseIndexes(cursor: Cursor): PathStep | undefined {
  const end = cursor.text.indexOf(']', cursor.at);
  if (end === -1) return undefined;
  const inner = cursor.text.slice(cursor.at, end).trim();
  cursor.at = end;
  const slice = /^(-?\d+)?\s*:\s*(-?\d+)?$/.exec(inner);
  if (slice !== null) {
    const [, from, to] = slice;
    if (from === undefined && to === undefined) return undefined;
    return { kind: 'slice', from: toNumber(from), to: toNumber(to) };
  }
  if (!/^-?\d+(\s*,\s*-?\d+)*$/.test(inner)) return undefined;
  return { kind: 'indexes', indexes: inner.split(',').map(Number) };
}

function toNumber(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

function parseFilterStep(cursor: Cursor): PathStep | undefined {
  cursor.at += 1;
  skipBlanks(cursor);
  const test = parseFilter(cursor, parseSteps);
  return test === undefined ? undefined : { kind: 'filter', test };
}
