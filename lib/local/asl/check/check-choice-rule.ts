/** Checks of Choice rules: one operator each, with an operand of its type; `Next` at the top only. */
import type { Json, JsonObject } from '../../../json.ts';
import { isJsonObject } from '../../../json.ts';
import type { OperandKind } from '../comparison.ts';
import { operators, parsePattern } from '../comparison.ts';
import type { FieldCheck } from './check-fields.ts';
import { flag, jsonPath, text, timestamp } from './check-fields.ts';
import { checkObject } from './check-object.ts';
import type { ProblemList } from './problem-list.ts';
import { at, note } from './problem-list.ts';

export const choices: FieldCheck = (value, path, problems) => {
  if (!Array.isArray(value)) {
    note(problems, 'schema', path, 'Expected value of type Array');
    return;
  }
  if (value.length === 0) note(problems, 'schema', path, 'Value cannot be empty');
  for (const [index, rule] of (value as readonly Json[]).entries()) {
    checkRule(rule, `${path}[${index}]`, problems, true);
  }
};

const number: FieldCheck = (value, path, problems) => {
  if (typeof value !== 'number') note(problems, 'schema', path, 'Expected value of type Number');
};

const pattern: FieldCheck = (value, path, problems) => {
  if (typeof value === 'string' && parsePattern(value) !== undefined) return;
  note(
    problems,
    'schema',
    path,
    'A backslash in StringMatches must be followed by * or a backslash',
  );
};

const operandChecks: Readonly<Record<OperandKind, FieldCheck>> = {
  string: text,
  number,
  boolean: flag,
  timestamp,
  pattern,
};

const comparisonFields: Readonly<Record<string, FieldCheck>> = Object.fromEntries([
  ['IsPresent', flag],
  ...Object.entries(operators).flatMap(([name, { operand, hasPath }]): [string, FieldCheck][] => [
    [name, operandChecks[operand]],
    ...(hasPath ? [[`${name}Path`, jsonPath] as [string, FieldCheck]] : []),
  ]),
]);

const combinators: Readonly<Record<string, FieldCheck>> = {
  And: nestedRules,
  Or: nestedRules,
  Not: (value, path, problems) => {
    checkRule(value, path, problems, false);
  },
};

function nestedRules(value: Json, path: string, problems: ProblemList): void {
  if (!Array.isArray(value) || value.length === 0) {
    note(problems, 'schema', path, 'Value cannot be empty');
    return;
  }
  for (const [index, rule] of (value as readonly Json[]).entries()) {
    checkRule(rule, `${path}[${index}]`, problems, false);
  }
}

function checkRule(rule: Json, path: string, problems: ProblemList, isTop: boolean): void {
  if (!isJsonObject(rule)) {
    note(problems, 'schema', path, 'Expected value of type Object');
    return;
  }
  checkObject(
    rule,
    {
      fields: {
        Comment: text,
        ...(isTop && { Next: text }),
        Variable: jsonPath,
        ...combinators,
        ...comparisonFields,
      },
      required: isTop ? ['Next'] : [],
    },
    path,
    problems,
  );
  checkOperators(rule, path, problems);
}

function checkOperators(rule: JsonObject, path: string, problems: ProblemList): void {
  if (rule['Condition'] !== undefined) return;
  const compared = Object.keys(comparisonFields).filter((name) => rule[name] !== undefined);
  const combined = Object.keys(combinators).filter((name) => rule[name] !== undefined);
  if (compared.length + combined.length !== 1) {
    const message = 'A choice rule must have exactly one comparison operator, And, Or or Not';
    note(problems, 'schema', path, message);
  }
  if (compared.length > 0 && rule['Variable'] === undefined) {
    note(problems, 'schema', path, 'These fields are required: [Variable]');
  }
  if (combined.length > 0 && rule['Variable'] !== undefined) {
    note(problems, 'schema', at(path, 'Variable'), `Field 'Variable' is not supported`);
  }
}
