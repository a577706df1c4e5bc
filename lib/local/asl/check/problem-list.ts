/** Where the checks of a definition leave what they find: everything at once, each with its place. */
import type { Problem } from '../../../kalcifer-error.ts';

/** What kind of mistake it is; the first four are AWS's own kinds. */
export type ProblemKind =
  /** The definition breaks the schema of the language. */
  | 'schema'
  /** A transition leads nowhere, or nothing leads to a state. */
  | 'transition'
  /** Nothing ends the workflow. */
  | 'no-end'
  /** The text is not JSON. */
  | 'json'
  /** Two states have one name. */
  | 'duplicate'
  /** AWS would accept it, but the embedded runtime does not run it. */
  | 'unsupported';

export type ProblemList = Problem[];

export function note(
  problems: ProblemList,
  kind: ProblemKind,
  path: string,
  message: string,
  hint?: string,
): void {
  problems.push({
    code: `asl.${kind}`,
    message,
    ...(path !== '' && { path }),
    ...(hint !== undefined && { hint }),
  });
}

export function unsupported(problems: ProblemList, path: string, what: string): void {
  note(problems, 'unsupported', path, `${what} is not supported by the embedded runtime.`);
}

/** `States.A` and `Next` make `States.A.Next`. */
export function at(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}
