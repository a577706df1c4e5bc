/** What a schema refused -> sentences for people, each with its place. */
import type { z } from 'zod';

export interface SchemaProblem {
  /** Where: `config.variants[1].weight`. */
  readonly path: string;
  readonly message: string;
}

/**
 * Turns zod's issues into problems of the form `<place> <what is wrong>`.
 *
 * @param input what was parsed, to tell a missing field from a wrong one
 * @param place what the input is called: `config`, `nodes[2].config`
 */
export function schemaProblems(
  error: z.ZodError,
  input: unknown,
  place: string,
): readonly SchemaProblem[] {
  return error.issues.flatMap((issue) => {
    const path = pathText(place, issue.path);
    return wordings(issue, input).map((wording) => ({
      path,
      message: `${path === '' ? 'it' : path} ${wording}`,
    }));
  });
}

/** `nodes`, 2, `config`, `order.total` -> `nodes[2].config["order.total"]`. */
export function pathText(place: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = String(part);
    if (!/^\w+$/.test(key)) return `${text}["${key}"]`;
    return text === '' ? key : `${text}.${key}`;
  }, place);
}

/**
 * One issue in words that follow the name of the place: `is required`, `must be a whole number`.
 *
 * @param input what the issue's path leads into
 */
export function wordings(issue: z.core.$ZodIssue, input: unknown): readonly string[] {
  const value = valueAt(input, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => `has the unknown key "${key}"`);
    case 'invalid_type':
      return [
        value === undefined
          ? 'is required'
          : `must be ${kindNames[issue.expected] ?? issue.expected}`,
      ];
    case 'invalid_value':
      return [
        value === undefined
          ? 'is required'
          : `must be one of ${issue.values.map((each) => JSON.stringify(each)).join(', ')}`,
      ];
    case 'too_small':
      return [tooSmall(issue)];
    case 'too_big':
      return [tooBig(issue)];
    default:
      return [issue.message];
  }
}

const kindNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function tooSmall(issue: z.core.$ZodIssueTooSmall): string {
  if (issue.origin === 'string') return 'must not be empty';
  if (issue.origin === 'array') return `must have at least ${issue.minimum} entries`;
  return `must be at least ${issue.minimum}`;
}

function tooBig(issue: z.core.$ZodIssueTooBig): string {
  if (issue.origin === 'string') return `must not be longer than ${issue.maximum} characters`;
  if (issue.origin === 'array') return `must not have more than ${issue.maximum} entries`;
  return `must be at most ${issue.maximum}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, part)
        ? (value as Readonly<Record<PropertyKey, unknown>>)[part]
        : undefined,
    input,
  );
}
