/**
 * JSONPath filters, `[?(@.status == 0 && @.tags[0] in ['a'])]`: parsed once into a test that is then run on each candidate.
 * Follows the operators of the JSONPath library that Step Functions runs on; comparing unlike types is false, not an error.
 */
import type { Json } from '../../json.ts';
import { jsonEquals } from './json-equality.ts';
import { readSteps } from './json-path-read.ts';
import type { PathStep } from './json-path-steps.ts';
import type { Cursor } from './text-cursor.ts';
import { readQuoted, skipBlanks } from './text-cursor.ts';

/** True when the candidate stays in the result; `root` is what `$` names inside the filter. */
export type FilterTest = (candidate: Json, root: Json) => boolean;

/** Paths nest in filters and filters in paths, so the parser of paths is handed in. */
type StepParser = (cursor: Cursor) => PathStep[] | undefined;

type Operand = (candidate: Json, root: Json) => Json | undefined;

/** Parses `( test )`; leaves the cursor after the closing parenthesis. */
export function parseFilter(cursor: Cursor, steps: StepParser): FilterTest | undefined {
  if (cursor.text[cursor.at] !== '(') return undefined;
  cursor.at += 1;
  const test = parseOr(cursor, steps);
  skipBlanks(cursor);
  if (test === undefined || cursor.text[cursor.at] !== ')') return undefined;
  cursor.at += 1;
  return test;
}

function parseOr(cursor: Cursor, steps: StepParser): FilterTest | undefined {
  return parseJoined(cursor, steps, '||', parseAnd, (left, right) => (candidate, root) => {
    return left(candidate, root) || right(candidate, root);
  });
}

function parseAnd(cursor: Cursor, steps: StepParser): FilterTest | undefined {
  return parseJoined(cursor, steps, '&&', parseNot, (left, right) => (candidate, root) => {
    return left(candidate, root) && right(candidate, root);
  });
}

function parseJoined(
  cursor: Cursor,
  steps: StepParser,
  sign: string,
  parsePart: (cursor: Cursor, steps: StepParser) => FilterTest | undefined,
  join: (left: FilterTest, right: FilterTest) => FilterTest,
): FilterTest | undefined {
  let test = parsePart(cursor, steps);
  skipBlanks(cursor);
  while (test !== undefined && cursor.text.startsWith(sign, cursor.at)) {
    cursor.at += sign.length;
    const right = parsePart(cursor, steps);
    test = right === undefined ? undefined : join(test, right);
    skipBlanks(cursor);
  }
  return test;
}

function parseNot(cursor: Cursor, steps: StepParser): FilterTest | undefined {
  skipBlanks(cursor);
  if (cursor.text[cursor.at] === '(') return parseFilter(cursor, steps);
  if (cursor.text[cursor.at] !== '!') return parseComparison(cursor, steps);
  cursor.at += 1;
  const test = parseNot(cursor, steps);
  return test === undefined ? undefined : (candidate, root) => !test(candidate, root);
}

function parseComparison(cursor: Cursor, steps: StepParser): FilterTest | undefined {
  const left = parseOperand(cursor, steps);
  if (left === undefined) return undefined;
  skipBlanks(cursor);
  const sign = /^(==|!=|<=|>=|=~|<|>|(?:in|nin|size|empty)\b)/.exec(
    cursor.text.slice(cursor.at),
  )?.[1];
  if (sign === undefined) return (candidate, root) => left(candidate, root) !== undefined;
  cursor.at += sign.length;
  skipBlanks(cursor);
  if (sign === '=~') return parsePattern(cursor, left);
  const right = parseOperand(cursor, steps);
  const compare = comparisons[sign];
  if (right === undefined || compare === undefined) return undefined;
  return (candidate, root) => compare(left(candidate, root), right(candidate, root));
}

type Comparison = (left: Json | undefined, right: Json | undefined) => boolean;

const comparisons: Readonly<Record<string, Comparison>> = {
  '==': isEqual,
  '!=': (left, right) => !isEqual(left, right),
  '<': (left, right) => isOrdered(left, right, (order) => order < 0),
  '<=': (left, right) => isOrdered(left, right, (order) => order <= 0),
  '>': (left, right) => isOrdered(left, right, (order) => order > 0),
  '>=': (left, right) => isOrdered(left, right, (order) => order >= 0),
  in: isIn,
  nin: (left, right) => !isIn(left, right),
  size: (left, right) => sizeOf(left) === right,
  empty: (left, right) => (sizeOf(left) === 0) === right,
};

function isEqual(left: Json | undefined, right: Json | undefined): boolean {
  return left !== undefined && right !== undefined && jsonEquals(left, right);
}

function isIn(left: Json | undefined, right: Json | undefined): boolean {
  return Array.isArray(right) && right.some((item: Json) => isEqual(left, item));
}

function isOrdered(
  left: Json | undefined,
  right: Json | undefined,
  accepts: (order: number) => boolean,
): boolean {
  if (typeof left === 'number' && typeof right === 'number') return accepts(left - right);
  if (typeof left !== 'string' || typeof right !== 'string') return false;
  return accepts(left < right ? -1 : left > right ? 1 : 0);
}

function sizeOf(value: Json | undefined): number | undefined {
  return typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
}

function parsePattern(cursor: Cursor, left: Operand): FilterTest | undefined {
  const written = /^\/((?:\\.|[^/\\])*)\/([a-z]*)/.exec(cursor.text.slice(cursor.at));
  if (written === null) return undefined;
  cursor.at += written[0].length;
  const pattern = toPattern(written[1] ?? '', written[2] ?? '');
  if (pattern === undefined) return undefined;
  return (candidate, root) => {
    const value = left(candidate, root);
    return typeof value === 'string' && pattern.test(value);
  };
}

function toPattern(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${source})$`, flags);
  } catch {
    return undefined;
  }
}

function parseOperand(cursor: Cursor, parse: StepParser): Operand | undefined {
  skipBlanks(cursor);
  const first = cursor.text[cursor.at];
  if (first === '@' || first === '$') {
    cursor.at += 1;
    const steps = parse(cursor);
    if (steps === undefined) return undefined;
    return (candidate, root) => readSteps(steps, first === '@' ? candidate : root, root);
  }
  const literal = parseLiteral(cursor);
  return literal === undefined ? undefined : () => literal;
}

function parseLiteral(cursor: Cursor): Json | undefined {
  skipBlanks(cursor);
  const quoted = readQuoted(cursor);
  if (quoted !== undefined) return quoted;
  if (cursor.text[cursor.at] === '[') return parseList(cursor);
  const word = /^(true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/.exec(
    cursor.text.slice(cursor.at),
  )?.[1];
  if (word === undefined) return undefined;
  cursor.at += word.length;
  return JSON.parse(word) as Json;
}

function parseList(cursor: Cursor): Json | undefined {
  const items: Json[] = [];
  cursor.at += 1;
  skipBlanks(cursor);
  while (cursor.text[cursor.at] !== ']') {
    const item = parseLiteral(cursor);
    if (item === undefined) return undefined;
    items.push(item);
    skipBlanks(cursor);
    if (cursor.text[cursor.at] === ',') cursor.at += 1;
    else if (cursor.text[cursor.at] !== ']') return undefined;
  }
  cursor.at += 1;
  return items;
}
