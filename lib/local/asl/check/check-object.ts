/** Checks an object against the fields it may and must have. */
import type { JsonObject } from '../../../json.ts';
import type { FieldCheck } from './check-fields.ts';
import type { ProblemList } from './problem-list.ts';
import { at, note, unsupported } from './problem-list.ts';

export interface ObjectShape {
  readonly fields: Readonly<Record<string, FieldCheck>>;
  readonly required?: readonly string[];
  /** Groups of which an object may have one member at most. */
  readonly exclusive?: readonly (readonly string[])[];
}

/** Fields of the language that AWS knows and the embedded runtime refuses, with how to call them. */
const refusedFields: Readonly<Record<string, string>> = {
  Assign: 'Assign (variables)',
  Arguments: 'Arguments (JSONata)',
  Output: 'Output (JSONata)',
  Condition: 'Condition (JSONata)',
  Credentials: 'Credentials (cross-account access)',
};

export function checkObject(
  object: JsonObject,
  shape: ObjectShape,
  path: string,
  problems: ProblemList,
): void {
  for (const [name, value] of Object.entries(object)) {
    const check = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
    if (check !== undefined) check(value ?? null, at(path, name), problems);
    else if (Object.hasOwn(refusedFields, name)) {
      unsupported(problems, at(path, name), refusedFields[name] ?? name);
    } else note(problems, 'schema', at(path, name), `Field '${name}' is not supported`);
  }
  const missing = (shape.required ?? []).filter((name) => object[name] === undefined);
  if (missing.length > 0) {
    note(problems, 'schema', path, `These fields are required: [${missing.join(', ')}]`);
  }
  for (const group of shape.exclusive ?? []) {
    const given = group.filter((name) => object[name] !== undefined);
    if (given.length > 1) {
      note(problems, 'schema', path, `You cannot specify both '${given.join("' and '")}'`);
    }
  }
}
