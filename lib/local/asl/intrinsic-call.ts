/**
 * The syntax of intrinsic functions: `States.Format('Hello {}', $.name)` into a tree. Arguments are texts in single quotes,
 * numbers, `true`, `false`, `null`, paths, and further calls.
 */
import type { Json } from '../../json.ts';
import type { JsonPath } from './json-path.ts';
import { parseJsonPath } from './json-path.ts';
import type { Cursor } from './text-cursor.ts';
import { skipBlanks } from './text-cursor.ts';

export interface IntrinsicCall {
  readonly kind: 'call';
  /** As written, without `States.`. */
  readonly name: string;
  readonly text: string;
  readonly args: readonly IntrinsicArgument[];
}

export type IntrinsicArgument =
  | IntrinsicCall
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'path'; readonly path: JsonPath };

export function looksLikeIntrinsic(text: string): boolean {
  return text.startsWith('States.');
}

/** Answers `undefined` when the text is not one well-formed call. */
export function parseIntrinsic(text: string): IntrinsicCall | undefined {
  const cursor = { text, at: 0 };
  const call = parseCall(cursor);
  skipBlanks(cursor);
  return cursor.at === text.length ? call : undefined;
}

function parseCall(cursor: Cursor): IntrinsicCall | undefined {
  const start = cursor.at;
  const name = /^States\.([A-Za-z0-9]+)\s*\(/.exec(cursor.text.slice(start));
  if (name?.[1] === undefined) return undefined;
  cursor.at += name[0].length;
  const args = parseArguments(cursor);
  if (args === undefined) return undefined;
  return { kind: 'call', name: name[1], text: cursor.text.slice(start, cursor.at), args };
}

function parseArguments(cursor: Cursor): IntrinsicArgument[] | undefined {
  const args: IntrinsicArgument[] = [];
  skipBlanks(cursor);
  if (cursor.text[cursor.at] === ')') {
    cursor.at += 1;
    return args;
  }
  for (;;) {
    skipBlanks(cursor);
    const argument = parseArgument(cursor);
    if (argument === undefined) return undefined;
    args.push(argument);
    skipBlanks(cursor);
    const separator = cursor.text[cursor.at];
    cursor.at += 1;
    if (separator === ')') return args;
    if (separator !== ',') return undefined;
  }
}

function parseArgument(cursor: Cursor): IntrinsicArgument | undefined {
  const first = cursor.text[cursor.at];
  if (first === "'") {
    const value = parseText(cursor);
    return value === undefined ? undefined : { kind: 'literal', value };
  }
  if (first === '$') return parsePathArgument(cursor);
  const word = /^(true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=\s*[,)])/.exec(
    cursor.text.slice(cursor.at),
  )?.[1];
  if (word === undefined) return parseCall(cursor);
  cursor.at += word.length;
  return { kind: 'literal', value: JSON.parse(word) as Json };
}

/**
 * Inside a quoted text only `\'`, `\{`, `\}` and `\\` are escapes; any other backslash makes the call invalid, as on AWS.
 * Escaped braces keep their backslash: `States.Format` tells them from placeholders by it.
 */
function parseText(cursor: Cursor): string | undefined {
  const { text } = cursor;
  let value = '';
  for (let at = cursor.at + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "'") {
      cursor.at = at + 1;
      return value;
    }
    if (character !== '\\') {
      value += character;
      continue;
    }
    at += 1;
    const escaped = text.charAt(at);
    if (escaped === "'") value += "'";
    else if (escaped === '\\' || escaped === '{' || escaped === '}') value += `\\${escaped}`;
    else return undefined;
  }
  return undefined;
}

/** A path ends at the comma or parenthesis that is not inside its own brackets, quotes or function. */
function parsePathArgument(cursor: Cursor): IntrinsicArgument | undefined {
  const { text } = cursor;
  let depth = 0;
  let quote: string | undefined;
  let end = cursor.at;
  for (; end < text.length; end += 1) {
    const character = text.charAt(end);
    if (quote !== undefined) {
      if (character === quote && text[end - 1] !== '\\') quote = undefined;
    } else if (character === "'" || character === '"') {
      quote = character;
    } else if (character === '[' || character === '(') {
      depth += 1;
    } else if (depth === 0 && (character === ',' || character === ')')) {
      break;
    } else if (character === ']' || character === ')') {
      depth -= 1;
    }
  }
  const path = parseJsonPath(text.slice(cursor.at, end).trim());
  cursor.at = end;
  return path === undefined ? undefined : { kind: 'path', path };
}
