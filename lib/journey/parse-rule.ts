/**
 * JSON -> rule: reads the rules that people draw and refuses every malformed one when the journey is published, with the place
 * of each mistake. Nothing is left to fail at run time.
 */
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { nearestName } from './nearest-name.ts';
import { isPlainJson, isScalar } from './plain-json.ts';
import {
  comparisonsMax,
  comparisonsOf,
  factRoots,
  listedValuesMax,
  operators,
  ruleDepthMax,
  type Comparison,
  type Operator,
  type Rule,
} from './rule.ts';

export type ParsedRule = { readonly rule: Rule } | { readonly problems: readonly RuleProblem[] };

interface RuleProblem {
  /** Where in the rule: `['any', 1, 'op']`. */
  readonly path: readonly (string | number)[];
  /** Worded to follow the name of the place: `must not be empty`. */
  readonly message: string;
}

/**
 * Reads a condition over the facts of an instance. Every path begins with `customer.`, `event.`, `context.` or `accumulated.`.
 *
 * `{ "any": [{ "field": "customer.properties.plan", "value": "pro" }, { "not": { "field": "customer.email", "op": "exists" } }] }`
 */
export function parseRule(input: unknown): ParsedRule {
  return parsed((report) => readRule(input, [], { roots: factRoots, report }));
}

/** Reads the rule of a segment: a condition that looks at nothing but the customer, so every path begins with `customer.`. */
export function parseSegmentRule(input: unknown): ParsedRule {
  return parsed((report) => readRule(input, [], { roots: ['customer'], report }));
}

/**
 * Reads a filter over the data of an event: every field must match, and an empty filter matches any event. Gives the same
 * tree as `parseRule`, with paths into the data.
 *
 * `{ "plan": "pro", "order.total": { "op": "gte", "value": 10 } }`
 */
export function parseFilter(input: unknown): ParsedRule {
  return parsed((report) => readFilter(input, report));
}

type Place = readonly (string | number)[];
/** Takes note of a problem; answers null, which stands for whatever could not be read. */
type Report = (path: Place, message: string) => null;

function parsed(read: (report: Report) => Rule | null): ParsedRule {
  const problems: RuleProblem[] = [];
  const rule = read((path, message) => {
    problems.push({ path, message });
    return null;
  });
  if (rule === null || problems.length > 0) return { problems };
  return comparisonsOf(rule).length <= comparisonsMax
    ? { rule }
    : {
        problems: [{ path: [], message: `must not make more than ${comparisonsMax} comparisons` }],
      };
}

const shapeOfRule =
  'must be {"field", "op", "value"}, {"all": [...]}, {"any": [...]} or {"not": {...}}';

interface Reading {
  /** What a path may begin with. */
  readonly roots: readonly string[];
  readonly report: Report;
}

function readRule(input: unknown, place: Place, reading: Reading): Rule | null {
  const { report } = reading;
  const depth = place.filter((part) => typeof part === 'string').length;
  if (depth > ruleDepthMax) {
    return report(place, `must not be nested deeper than ${ruleDepthMax} levels`);
  }
  if (!isJsonObject(input)) return report(place, shapeOfRule);
  const group = (['all', 'any', 'not'] as const).find((key) => Object.hasOwn(input, key));
  if (group === undefined) return readComparison(input, place, reading);
  refuseOtherKeys(input, [group], place, report);
  if (group === 'not') {
    const rule = readRule(input.not, [...place, 'not'], reading);
    return rule && { not: rule };
  }
  const rules = readRules(input[group], [...place, group], reading);
  if (rules === null) return null;
  return group === 'all' ? { all: rules } : { any: rules };
}

function readRules(input: unknown, place: Place, reading: Reading): readonly Rule[] | null {
  const { report } = reading;
  if (!Array.isArray(input) || input.length === 0) {
    return report(place, 'must list at least one rule');
  }
  if (input.length > comparisonsMax) {
    return report(place, `must not list more than ${comparisonsMax} rules`);
  }
  const rules = input.map((rule: unknown, at) => readRule(rule, [...place, at], reading));
  return rules.filter((rule) => rule !== null);
}

function readComparison(input: JsonObject, place: Place, reading: Reading): Comparison | null {
  const { roots, report } = reading;
  refuseOtherKeys(input, ['field', 'op', 'value'], place, report);
  const fieldProblem = factPathProblem(input.field, roots);
  const field =
    fieldProblem === undefined
      ? (input.field as string)
      : report([...place, 'field'], fieldProblem);
  const op = readOperator(input.op, [...place, 'op'], report);
  if (op === null) return null;
  const value = readValue(op, input.value, [...place, 'value'], report);
  return field === null || value === null ? null : { field, op, value };
}

/** What is wrong with a path to a fact, worded to follow the name of the field; undefined when it is well formed. */
export function factPathProblem(
  input: unknown,
  roots: readonly string[] = factRoots,
): string | undefined {
  if (input === undefined) return 'is required';
  if (!isDottedPath(input)) return 'must be a path such as "customer.properties.plan"';
  const [root = '', ...rest] = input.split('.');
  if (rest.length > 0 && roots.includes(root)) return undefined;
  return `must begin with ${roots.map((known) => `${known}.`).join(', ')} (it is "${input}")`;
}

const pathCharactersMax = 200;

function isDottedPath(input: unknown): input is string {
  return (
    typeof input === 'string' &&
    input.length <= pathCharactersMax &&
    input.split('.').every((segment) => segment.trim() !== '' && segment.trim() === segment)
  );
}

function readOperator(input: unknown, place: Place, report: Report): Operator | null {
  if (input === undefined) return 'eq';
  const op = operators.find((known) => known === input);
  if (op !== undefined) return op;
  const meant = typeof input === 'string' ? nearestName(input, operators) : undefined;
  const question = meant === undefined ? '' : `; did you mean "${meant}"?`;
  return report(place, `must be one of ${operators.join(', ')}${question}`);
}

function readValue(op: Operator, input: unknown, place: Place, report: Report): Json | null {
  const problem = valueProblem(op, input);
  if (problem !== undefined) return report(place, problem);
  return op === 'exists' ? input !== false : (input as Json);
}

function valueProblem(op: Operator, value: unknown): string | undefined {
  if (op === 'exists') {
    return value === undefined || typeof value === 'boolean'
      ? undefined
      : 'must be true or false for exists';
  }
  if (value === undefined) return 'is required';
  if (value === null) return 'must not be null: use {"op": "exists", "value": false}';
  if (!isPlainJson(value, valueDepthMax)) return 'must be plain JSON';
  switch (op) {
    case 'eq':
    case 'neq':
      return undefined;
    case 'contains':
      return isScalar(value) ? undefined : 'must be a text, a number or true/false for contains';
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return typeof value === 'number' || typeof value === 'string'
        ? undefined
        : `must be a number or a text for ${op}`;
    case 'in':
    case 'not_in':
      return listProblem(op, value);
  }
}

function listProblem(op: Operator, value: unknown): string | undefined {
  if (!Array.isArray(value) || value.length === 0) return `must be a list of values for ${op}`;
  if (value.length > listedValuesMax) return `must not list more than ${listedValuesMax} values`;
  return value.every(isScalar) ? undefined : 'must list only texts, numbers and true/false';
}

function readFilter(input: unknown, report: Report): Rule | null {
  if (!isJsonObject(input)) {
    return report([], 'must be an object of fields, such as {"plan": "pro"}');
  }
  const comparisons = Object.entries(input).map(([field, wanted]) =>
    readFilterField(field, wanted, report),
  );
  return { all: comparisons.filter((comparison) => comparison !== null) };
}

function readFilterField(field: string, wanted: unknown, report: Report): Comparison | null {
  if (!isDottedPath(field)) {
    return report([field], 'must be named by a path into the event, such as "order.total"');
  }
  if (!isJsonObject(wanted)) {
    const value = readValue('eq', wanted, [field], report);
    return value === null ? null : { field, op: 'eq', value };
  }
  if (!Object.hasOwn(wanted, 'op')) {
    return report([field], 'must be a value or {"op", "value"}; nested fields are written "a.b"');
  }
  refuseOtherKeys(wanted, ['op', 'value'], [field], report);
  const op = readOperator(wanted.op, [field, 'op'], report);
  if (op === null) return null;
  const value = readValue(op, wanted.value, [field, 'value'], report);
  return value === null ? null : { field, op, value };
}

function refuseOtherKeys(
  input: JsonObject,
  known: readonly string[],
  place: Place,
  report: Report,
): void {
  for (const key of Object.keys(input)) {
    if (!known.includes(key)) report(place, `has the unknown key "${key}"`);
  }
}

const valueDepthMax = 5;
