import { describe, expect, it } from 'vitest';
import { exitByEvent, exitByFacts, planExit } from '../../lib/journey/exit-criteria.ts';
import type { ExitCriterion } from '../../lib/journey/graph.ts';

const bought: ExitCriterion = { kind: 'event', eventType: 'bought' };
const bigOrder: ExitCriterion = {
  kind: 'event',
  eventType: 'ordered',
  filter: { field: 'order.total', op: 'gte', value: 100 },
};
const pro: ExitCriterion = {
  kind: 'attribute',
  rule: { field: 'customer.properties.plan', op: 'eq', value: 'pro' },
};
const vip: ExitCriterion = {
  kind: 'attribute',
  rule: {
    all: [
      { field: 'customer.tags', op: 'contains', value: 'vip' },
      { field: 'event.source', op: 'exists', value: true },
    ],
  },
};

describe('planExit', () => {
  it('names each type of event once, and what the conditions read', () => {
    const plan = planExit([bought, bigOrder, { ...bought }, pro, vip]);
    expect(plan.eventTypes).toEqual(['bought', 'ordered']);
    expect(plan.rules).toHaveLength(2);
    expect([...plan.roots].toSorted()).toEqual(['customer', 'event']);
  });

  it('of no criteria is empty', () => {
    expect(planExit([])).toEqual({ eventTypes: [], events: [], rules: [], roots: new Set() });
  });
});

describe('exitByEvent', () => {
  const plan = planExit([bought, bigOrder, pro]);

  it('takes the customer out by the type alone when there is no filter', () => {
    expect(exitByEvent(plan, { type: 'bought', data: {} })).toBe('the event bought came');
  });

  it('takes the customer out only when the filter passes', () => {
    const ordered = (total: number): object => ({ type: 'ordered', data: { order: { total } } });
    expect(exitByEvent(plan, ordered(100) as never)).toBe('the event ordered came');
    expect(exitByEvent(plan, ordered(99) as never)).toBeUndefined();
  });

  it('lets the customer stay on any other event', () => {
    expect(exitByEvent(plan, { type: 'opened', data: {} })).toBeUndefined();
  });
});

describe('exitByFacts', () => {
  it('says which fact takes the customer out', () => {
    const plan = planExit([vip, pro]);
    const facts = { customer: { tags: ['vip'], properties: { plan: 'pro' } }, event: {} };
    expect(exitByFacts(plan, facts)).toBe('customer.properties.plan is "pro"');
    expect(exitByFacts(plan, { ...facts, event: { source: 'ad' } })).toBe(
      'customer.tags is ["vip"], which contains "vip"; event.source is set',
    );
  });

  it('lets the customer stay when nothing holds', () => {
    expect(exitByFacts(planExit([pro, bought]), { customer: {} })).toBeUndefined();
  });
});
