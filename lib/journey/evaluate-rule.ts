/**
 * Rule + facts -> true or false, and why. Never fails: a fact that is missing or of another type has a defined answer
 * (semantics 1: missing makes neq and not_in true and everything else false; ordering across types is false).
 */
import type { Json } from '../json.ts';
import { readPath } from './fact-path.ts';
import { sameJson } from './plain-json.ts';
import type { Comparison, Operator, Rule } from './rule.ts';

/** True when the facts meet the rule. `facts` is what the rule's paths begin in: an instance's facts or an event's data. */
export function evaluateRule(rule: Rule, facts: object): boolean {
  if ('all' in rule) return rule.all.every((each) => evaluateRule(each, facts));
  if ('any' in rule) return rule.any.some((each) => evaluateRule(each, facts));
  if ('not' in rule) return !evaluateRule(rule.not, facts);
  return compare(rule, readPath(facts, rule.field));
}

export interface Explanation {
  readonly holds: boolean;
  /** The comparisons that decided, in plain words: `customer.properties.plan is "free", not "pro"`. */
  readonly because: string;
}

/** As `evaluateRule`, with the reason for people who ask why a customer did or did not get a message. */
export function explainRule(rule: Rule, facts: object): Explanation {
  const holds = evaluateRule(rule, facts);
  const reasons = decisive(rule, facts);
  const shown = reasons.slice(0, reasonsMax).join('; ');
  const more = reasons.length - reasonsMax;
  return { holds, because: more > 0 ? `${shown}; and ${more} more` : shown };
}

const reasonsMax = 5;

/** The comparisons that make the rule what it is: for a list that holds in part, only the part that matters. */
function decisive(rule: Rule, facts: object): readonly string[] {
  if ('not' in rule) return decisive(rule.not, facts);
  if ('field' in rule) return [describe(rule, readPath(facts, rule.field))];
  const rules = 'all' in rule ? rule.all : rule.any;
  const decided = 'any' in rule;
  const enough = rules.find((each) => evaluateRule(each, facts) === decided);
  return (enough === undefined ? rules : [enough]).flatMap((each) => decisive(each, facts));
}

function compare({ op, value: wanted }: Comparison, actual: Json | undefined): boolean {
  if (actual === undefined) return op === 'neq' || op === 'not_in' || (op === 'exists' && !wanted);
  switch (op) {
    case 'eq':
      return sameJson(actual, wanted);
    case 'neq':
      return !sameJson(actual, wanted);
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return inOrder(op, actual, wanted);
    case 'contains':
      return contains(actual, wanted);
    case 'in':
      return contains(wanted, actual);
    case 'not_in':
      return !contains(wanted, actual);
    case 'exists':
      return wanted === true;
  }
}

/** Numbers by size, texts by their characters (so instants in ISO 8601 are in order of time); anything else is not in order. */
function inOrder(op: 'gt' | 'gte' | 'lt' | 'lte', actual: Json, wanted: Json): boolean {
  const comparable =
    (typeof actual === 'number' && typeof wanted === 'number') ||
    (typeof actual === 'string' && typeof wanted === 'string');
  if (!comparable) return false;
  switch (op) {
    case 'gt':
      return actual > wanted;
    case 'gte':
      return actual >= wanted;
    case 'lt':
      return actual < wanted;
    case 'lte':
      return actual <= wanted;
  }
}

/** A list has the member, or a text has the part. */
function contains(whole: Json, part: Json): boolean {
  if (Array.isArray(whole)) return whole.some((member: Json) => sameJson(member, part));
  return typeof whole === 'string' && typeof part === 'string' && whole.includes(part);
}

function describe(comparison: Comparison, actual: Json | undefined): string {
  const { field, op, value } = comparison;
  if (actual === undefined) return `${field} is not set`;
  if (op === 'exists') return `${field} is set`;
  const is = `${field} is ${shorten(actual)}`;
  const [yes, no] = wordsFor[op];
  const holds = compare(comparison, actual);
  if (op === 'eq' && holds) return is;
  return `${is}, ${holds ? yes : no} ${shorten(value)}`;
}

const wordsFor: Readonly<Record<Exclude<Operator, 'exists'>, readonly [string, string]>> = {
  eq: ['which is', 'not'],
  neq: ['not', 'which is'],
  gt: ['more than', 'not more than'],
  gte: ['at least', 'not at least'],
  lt: ['less than', 'not less than'],
  lte: ['at most', 'not at most'],
  contains: ['which contains', 'which does not contain'],
  in: ['one of', 'not one of'],
  not_in: ['not one of', 'one of'],
};

const valueCharactersMax = 80;

function shorten(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= valueCharactersMax ? text : `${text.slice(0, valueCharactersMax)}...`;
}
