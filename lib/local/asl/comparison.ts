/**
 * The comparison operators of Choice rules. Values of the wrong type never match and never fail. `…Path` variants take their
 * right-hand side from the data and are derived here, so that an operator is written once.
 */
import type { Json } from '../../json.ts';
import { parseTimestamp } from './timestamp.ts';

/** Says whether `value` (from the data) stands in the operator's relation to `operand` (from the rule). */
export type Comparison = (value: Json, operand: Json) => boolean;

/** What the rule must give an operator, checked before anything runs. */
export type OperandKind = 'string' | 'number' | 'boolean' | 'timestamp' | 'pattern';

export interface Operator {
  readonly operand: OperandKind;
  readonly compare: Comparison;
  /** True when a `…Path` variant exists. */
  readonly hasPath: boolean;
}

type Order = (order: number) => boolean;

const orders: Readonly<Record<string, Order>> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

export const operators: Readonly<Record<string, Operator>> = {
  ...ordered('String', 'string', compareStrings),
  ...ordered('Numeric', 'number', compareNumbers),
  ...ordered('Timestamp', 'timestamp', compareTimestamps),
  BooleanEquals: {
    operand: 'boolean',
    hasPath: true,
    compare: (value, operand) => typeof value === 'boolean' && value === operand,
  },
  StringMatches: { operand: 'pattern', hasPath: false, compare: matches },
  IsNull: kind((value) => value === null),
  IsString: kind((value) => typeof value === 'string'),
  IsNumeric: kind((value) => typeof value === 'number'),
  IsBoolean: kind((value) => typeof value === 'boolean'),
  IsTimestamp: kind((value) => typeof value === 'string' && parseTimestamp(value) !== undefined),
};

function ordered(
  family: string,
  operand: OperandKind,
  compare: (value: Json, operand: Json) => number | undefined,
): Record<string, Operator> {
  return Object.fromEntries(
    Object.entries(orders).map(([name, accepts]) => {
      const operator: Operator = {
        operand,
        hasPath: true,
        compare: (value, against) => {
          const order = compare(value, against);
          return order !== undefined && accepts(order);
        },
      };
      return [`${family}${name}`, operator];
    }),
  );
}

function kind(is: (value: Json) => boolean): Operator {
  return {
    operand: 'boolean',
    hasPath: false,
    compare: (value, operand) => is(value) === operand,
  };
}

function compareStrings(value: Json, operand: Json): number | undefined {
  if (typeof value !== 'string' || typeof operand !== 'string') return undefined;
  return value < operand ? -1 : value > operand ? 1 : 0;
}

function compareNumbers(value: Json, operand: Json): number | undefined {
  return typeof value === 'number' && typeof operand === 'number' ? value - operand : undefined;
}

function compareTimestamps(value: Json, operand: Json): number | undefined {
  if (typeof value !== 'string' || typeof operand !== 'string') return undefined;
  const left = parseTimestamp(value);
  const right = parseTimestamp(operand);
  return left === undefined || right === undefined ? undefined : left - right;
}

function matches(value: Json, operand: Json): boolean {
  if (typeof value !== 'string' || typeof operand !== 'string') return false;
  const pieces = parsePattern(operand);
  return pieces !== undefined && matchesPieces(value, pieces);
}

/**
 * The literal pieces between the wildcards of a `StringMatches` pattern; `undefined` when a backslash escapes something other
 * than `*` or a backslash.
 */
export function parsePattern(pattern: string): readonly string[] | undefined {
  const pieces: string[] = [];
  let piece = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === '*') {
      pieces.push(piece);
      piece = '';
    } else if (character !== '\\') {
      piece += character;
    } else {
      at += 1;
      const escaped = pattern.charAt(at);
      if (escaped !== '*' && escaped !== '\\') return undefined;
      piece += escaped;
    }
  }
  return [...pieces, piece];
}

/** Takes each piece at its first place after the one before: that finds a match if there is one, in linear time. */
function matchesPieces(text: string, pieces: readonly string[]): boolean {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at <= end;
}
