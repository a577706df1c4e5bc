/** Checks of single fields: each looks at one value and notes what is wrong with it. */
import type { Json } from '../../../json.ts';
import { compileIntrinsic } from '../intrinsic.ts';
import { looksLikeIntrinsic } from '../intrinsic-call.ts';
import { parseJsonPath } from '../json-path.ts';
import { parseReferencePath } from '../reference-path.ts';
import { parseTimestamp } from '../timestamp.ts';
import type { ProblemList } from './problem-list.ts';
import { note, unsupported } from './problem-list.ts';

export type FieldCheck = (value: Json, path: string, problems: ProblemList) => void;

/** The largest number of seconds or attempts that the language knows. */
const countMax = 99_999_999;

export const anyJson: FieldCheck = () => undefined;

export const text: FieldCheck = (value, path, problems) => {
  if (typeof value !== 'string') note(problems, 'schema', path, 'Expected value of type String');
};

export const flag: FieldCheck = (value, path, problems) => {
  if (typeof value !== 'boolean') note(problems, 'schema', path, 'Expected value of type Boolean');
};

export const jsonObject: FieldCheck = (value, path, problems) => {
  if (typeof value !== 'object' || value === null) {
    note(problems, 'schema', path, 'Expected value of type Object');
  }
};

export function wholeNumber(least: number, most = countMax): FieldCheck {
  return (value, path, problems) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) {
      return;
    }
    note(problems, 'schema', path, `Expected a whole number from ${least} to ${most}`);
  };
}

export function numberFrom(least: number): FieldCheck {
  return (value, path, problems) => {
    if (typeof value === 'number' && value >= least) return;
    note(problems, 'schema', path, `Expected a number of at least ${least}`);
  };
}

export function oneOf(...allowed: readonly string[]): FieldCheck {
  return (value, path, problems) => {
    if (typeof value === 'string' && allowed.includes(value)) return;
    const field = path.slice(path.lastIndexOf('.') + 1);
    const message = `The field '${field}' should have one of these values: [${allowed.join(', ')}]`;
    note(problems, 'schema', path, message);
  };
}

export const timestamp: FieldCheck = (value, path, problems) => {
  if (typeof value === 'string' && parseTimestamp(value) !== undefined) return;
  note(problems, 'schema', path, 'String does not match RFC3339 timestamp');
};

export const jsonPath: FieldCheck = (value, path, problems) => {
  if (refusesVariable(value, path, problems)) return;
  if (typeof value === 'string' && parseJsonPath(value) !== undefined) return;
  note(problems, 'schema', path, 'Value is not a valid JSONPath');
};

export const jsonPathOrNull: FieldCheck = (value, path, problems) => {
  if (value !== null) jsonPath(value, path, problems);
};

export const referencePathOrNull: FieldCheck = (value, path, problems) => {
  if (value === null || refusesVariable(value, path, problems)) return;
  if (typeof value === 'string' && parseReferencePath(value) !== undefined) return;
  note(problems, 'schema', path, 'Value is not a Reference Path');
};

/** A path or an intrinsic function: `ErrorPath`, `CausePath`, and fields of templates. */
export const expression: FieldCheck = (value, path, problems) => {
  if (refusesVariable(value, path, problems)) return;
  if (typeof value === 'string' && isExpression(value)) return;
  const field = path.slice(path.lastIndexOf('.', path.length - 3) + 1);
  const message = `The value for the field '${field}' must be a valid JSONPath or a valid intrinsic function call`;
  note(problems, 'schema', path, message);
};

function isExpression(value: string): boolean {
  const compiled = looksLikeIntrinsic(value) ? compileIntrinsic(value) : parseJsonPath(value);
  return compiled !== undefined;
}

/** `$name` reads a variable, which only `Assign` could have set. */
function refusesVariable(value: Json, path: string, problems: ProblemList): boolean {
  if (typeof value !== 'string' || isExpression(value)) return false;
  const variable = /(?:^|[(,]\s*)(\$[A-Za-z_]\w*)/.exec(value)?.[1];
  if (variable === undefined) return false;
  unsupported(problems, path, `The variable ${variable}`);
  return true;
}
