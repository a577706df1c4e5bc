/** Choice rules: a comparison, or `And`, `Or`, `Not` over rules, compiled into one predicate on the state's data. */
import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import type { Comparison } from './comparison.ts';
import { operators } from './comparison.ts';
import type { Evaluation } from './evaluation.ts';
import type { JsonPath } from './json-path.ts';
import { parseJsonPath } from './json-path.ts';
import { documentOf, readPath } from './path-resolver.ts';

/** Answers `undefined` when the rule cannot be judged; the evaluation then holds why. */
export type Predicate = (evaluation: Evaluation) => boolean | undefined;

/** The rule must have passed the checks of `check-choice-rule.ts`. */
export function compileRule(rule: JsonObject): Predicate {
  if (rule['And'] !== undefined) return every(rulesOf(rule['And']));
  if (rule['Or'] !== undefined) return some(rulesOf(rule['Or']));
  if (isJsonObject(rule['Not'])) return not(compileRule(rule['Not']));
  return compileComparison(rule);
}

function rulesOf(value: Json): readonly Predicate[] {
  return Array.isArray(value) ? value.filter(isJsonObject).map(compileRule) : [];
}

function every(predicates: readonly Predicate[]): Predicate {
  return (evaluation) => {
    for (const predicate of predicates) {
      const verdict = predicate(evaluation);
      if (verdict !== true) return verdict;
    }
    return true;
  };
}

function some(predicates: readonly Predicate[]): Predicate {
  return (evaluation) => {
    for (const predicate of predicates) {
      const verdict = predicate(evaluation);
      if (verdict !== false) return verdict;
    }
    return false;
  };
}

function not(predicate: Predicate): Predicate {
  return (evaluation) => {
    const verdict = predicate(evaluation);
    return verdict === undefined ? undefined : !verdict;
  };
}

function compileComparison(rule: JsonObject): Predicate {
  const variable = pathOf(rule['Variable']);
  if (rule['IsPresent'] !== undefined) return isPresent(variable, rule['IsPresent']);
  for (const [name, { compare }] of Object.entries(operators)) {
    const literal = rule[name];
    if (literal !== undefined) return compareTo(variable, compare, () => literal);
    const path = rule[`${name}Path`];
    if (path !== undefined) {
      const operand = pathOf(path);
      return compareTo(variable, compare, (evaluation) => readVariable(operand, evaluation));
    }
  }
  return () => false;
}

function pathOf(text: Json | undefined): JsonPath {
  const path = typeof text === 'string' ? parseJsonPath(text) : undefined;
  return path ?? { text: '', root: 'input', definite: true, steps: [], read: () => undefined };
}

function isPresent(variable: JsonPath, expected: Json): Predicate {
  return (evaluation) => {
    const value = variable.read(documentOf(variable, evaluation));
    const present = variable.definite
      ? value !== undefined
      : Array.isArray(value) && value.length > 0;
    return present === expected;
  };
}

function compareTo(
  variable: JsonPath,
  compare: Comparison,
  operandOf: (evaluation: Evaluation) => Json | undefined,
): Predicate {
  return (evaluation) => {
    const value = readVariable(variable, evaluation);
    if (value === undefined) return undefined;
    const operand = operandOf(evaluation);
    return operand === undefined ? undefined : compare(value, operand);
  };
}

function readVariable(path: JsonPath, evaluation: Evaluation): Json | undefined {
  return readPath(path, evaluation, () => {
    return `Invalid path '${path.text}': The choice state's condition path references an invalid value.`;
  });
}
