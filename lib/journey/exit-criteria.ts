/**
 * Exit criteria -> what takes a customer out of a journey, and why (semantics 3.3). One that holds is enough. Evaluating them
 * never fails, and a journey without any costs nothing.
 */
import { evaluateRule, explainRule } from './evaluate-rule.ts';
import type { ExitCriterion } from './graph.ts';
import { rootsOf, type Rule } from './rule.ts';

/** The criteria of one version, sorted by what can make them true. */
export interface ExitPlan {
  /** Types of the events that may take a customer out, each once. */
  readonly eventTypes: readonly string[];
  readonly events: readonly Extract<ExitCriterion, { kind: 'event' }>[];
  /** Conditions over the facts of an instance. */
  readonly rules: readonly Rule[];
  /** What those conditions read: `customer`, `event`, `context`, `accumulated`. */
  readonly roots: ReadonlySet<string>;
}

export function planExit(criteria: readonly ExitCriterion[]): ExitPlan {
  const events = criteria.filter((criterion) => criterion.kind === 'event');
  const rules = criteria.flatMap((criterion) =>
    criterion.kind === 'attribute' ? [criterion.rule] : [],
  );
  return {
    eventTypes: [...new Set(events.map(({ eventType }) => eventType))],
    events,
    rules,
    roots: new Set(rules.flatMap((rule) => [...rootsOf(rule)])),
  };
}

/** @returns why the event takes the customer out, in plain words; undefined when it does not */
export function exitByEvent(
  { events }: ExitPlan,
  event: { readonly type: string; readonly data: object },
): string | undefined {
  const met = events.some(
    ({ eventType, filter }) =>
      eventType === event.type && (filter === undefined || evaluateRule(filter, event.data)),
  );
  return met ? `the event ${event.type} came` : undefined;
}

/**
 * @param facts what the paths of the conditions begin in
 * @returns why the facts take the customer out, in plain words; undefined when they do not
 */
export function exitByFacts({ rules }: ExitPlan, facts: object): string | undefined {
  for (const rule of rules) {
    const { holds, because } = explainRule(rule, facts);
    if (holds) return because;
  }
  return undefined;
}
