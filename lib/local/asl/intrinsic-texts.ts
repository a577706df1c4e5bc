/** Intrinsic functions on texts and JSON: formatting, splitting, encoding, hashing, merging. */
import { createHash } from 'node:crypto';
import type { Json } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import type { IntrinsicFunction, IntrinsicResult } from './intrinsic-function.ts';
import { textLengthMax } from './intrinsic-function.ts';

export const textFunctions = {
  Format: { arity: [1, Infinity], run: ([template, ...values]) => format(template, values) },
  StringSplit: { arity: [2, 2], run: ([text, splitters]) => split(text, splitters) },
  Base64Encode: {
    arity: [1, 1],
    run: ([text]) => withText(text, (plain) => Buffer.from(plain).toString('base64')),
  },
  Base64Decode: {
    arity: [1, 1],
    run: ([text]) => withText(text, (coded) => Buffer.from(coded, 'base64').toString('utf8')),
  },
  Hash: { arity: [2, 2], run: ([data, algorithm]) => hash(data, algorithm) },
  StringToJson: { arity: [1, 1], run: ([text]) => toJson(text) },
  JsonToString: { arity: [1, 1], run: ([value]) => ({ value: JSON.stringify(value) }) },
  JsonMerge: { arity: [3, 3], run: ([left, right, deep]) => merge(left, right, deep) },
} satisfies Record<string, IntrinsicFunction>;

const hashNames: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

function withText(value: Json | undefined, run: (text: string) => string): IntrinsicResult {
  if (typeof value !== 'string') return { fault: 'The argument must be a string.' };
  if (value.length > textLengthMax) {
    return { fault: `The argument must not be longer than ${textLengthMax} characters.` };
  }
  return { value: run(value) };
}

function hash(data: Json | undefined, algorithm: Json | undefined): IntrinsicResult {
  const name = typeof algorithm === 'string' ? hashNames[algorithm] : undefined;
  if (name === undefined) {
    return { fault: `The algorithm must be one of ${Object.keys(hashNames).join(', ')}.` };
  }
  const text = typeof data === 'string' ? data : JSON.stringify(data ?? null);
  return withText(text, (plain) => createHash(name).update(plain).digest('hex'));
}

/** Fills each `{}` with the next value; `\{`, `\}` and `\\` stand for the character itself. */
function format(template: Json | undefined, values: readonly Json[]): IntrinsicResult {
  if (typeof template !== 'string') return { fault: 'The first argument must be a string.' };
  let used = 0;
  const text = template.replace(/\\([{}\\])|\{\}/g, (match, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const value = values[used];
    used += 1;
    return value === undefined ? match : toText(value);
  });
  if (used !== values.length) {
    return {
      fault: `The number of arguments do not match the occurrences of {} in the template.`,
    };
  }
  return { value: text };
}

/** Objects and lists appear as Java prints them, because that is what Step Functions formats with: `{a=1, b=[2, 3]}`. */
function toText(value: Json): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map((item: Json) => toText(item)).join(', ')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, field]) => `${name}=${toText(field ?? null)}`);
  return `{${fields.join(', ')}}`;
}

/** Every character of `splitters` splits; pieces are never empty. */
function split(text: Json | undefined, splitters: Json | undefined): IntrinsicResult {
  if (typeof text !== 'string' || typeof splitters !== 'string') {
    return { fault: 'Both arguments must be strings.' };
  }
  const pieces: string[] = [];
  let piece = '';
  for (const character of text) {
    if (!splitters.includes(character)) {
      piece += character;
    } else if (piece !== '') {
      pieces.push(piece);
      piece = '';
    }
  }
  if (piece !== '') pieces.push(piece);
  return { value: pieces };
}

function toJson(text: Json | undefined): IntrinsicResult {
  if (typeof text !== 'string') return { fault: 'The argument must be a string.' };
  if (text.trim() === '') return { value: null };
  try {
    const value = JSON.parse(text) as Json;
    // The text "-0" is the number 0 to everybody else who reads it.
    return { value: value === 0 ? 0 : value };
  } catch {
    return { fault: `Could not parse the string as JSON: ${text}` };
  }
}

function merge(
  left: Json | undefined,
  right: Json | undefined,
  deep: Json | undefined,
): IntrinsicResult {
  if (deep !== false) {
    return { fault: 'The third argument must be false: only shallow merging is supported.' };
  }
  if (!isJsonObject(left) || !isJsonObject(right)) {
    return { fault: 'The first two arguments must be JSON objects.' };
  }
  return { value: { ...left, ...right } };
}
