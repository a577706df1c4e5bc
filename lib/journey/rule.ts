/**
 * A rule: the one language of conditions, filters and exit criteria. A rule is plain JSON, so a parked wait keeps it in the
 * table as it is. `parse-rule.ts` reads it, `evaluate-rule.ts` judges it.
 */
import type { Json } from '../json.ts';

export type Rule =
  | Comparison
  /** True when each one is; an empty list is true. */
  | { readonly all: readonly Rule[] }
  /** True when at least one is. */
  | { readonly any: readonly Rule[] }
  | { readonly not: Rule };

export interface Comparison {
  /** Dotted path to a fact: `customer.properties.plan`; in filters, into the event's data: `order.total`. */
  readonly field: string;
  readonly op: Operator;
  readonly value: Json;
}

export const operators = [
  'eq',
  'neq',
  'gt',
  'gte',
  'lt',
  'lte',
  'contains',
  'in',
  'not_in',
  'exists',
] as const;

export type Operator = (typeof operators)[number];

/** What a path may begin with in conditions and templates. */
export const factRoots = ['customer', 'event', 'context', 'accumulated'] as const;

/** Deeper rules are refused: nobody can read them, and evaluation must not exhaust the stack. */
export const ruleDepthMax = 10;

/** Comparisons in one rule: a condition is looked at for each customer. */
export const comparisonsMax = 200;

/** Entries of one `in` or `not_in` list. */
export const listedValuesMax = 1_000;

/** The first segments of the paths that a rule reads. */
export function rootsOf(rule: Rule): ReadonlySet<string> {
  return new Set(comparisonsOf(rule).map(({ field }) => field.split('.', 1)[0] ?? ''));
}

/** Every comparison of the tree, in the order in which it is written. */
export function comparisonsOf(rule: Rule): readonly Comparison[] {
  if ('all' in rule) return rule.all.flatMap(comparisonsOf);
  if ('any' in rule) return rule.any.flatMap(comparisonsOf);
  if ('not' in rule) return comparisonsOf(rule.not);
  return [rule];
}
