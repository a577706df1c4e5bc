/** `condition`: which branch, and why. */
import { describe, expect, test } from 'vitest';
import { condition } from '../../lib/nodes/condition.ts';
import { contextWith, runNode } from '../support/node-runs.ts';

const isPro = { field: 'customer.properties.plan', value: 'pro' };

describe('condition', () => {
  test.each([
    ['pro', 'true', 'customer.properties.plan is "pro", so true'],
    ['free', 'false', 'customer.properties.plan is "free", not "pro", so false'],
  ])('a customer on plan %s leaves by %s, and the step says why', (plan, branch, note) => {
    const ctx = contextWith({ facts: { customer: { id: 'c1', properties: { plan } } } });
    expect(runNode(condition, isPro, ctx)).toEqual({
      kind: 'branched',
      branch,
      result: { branch },
      notes: [note],
    });
  });

  test('reads the entry event, the context and the results of earlier nodes', () => {
    const ctx = contextWith({
      facts: {
        event: { total: 10 },
        context: { source: 'crm' },
        accumulated: { wait_1: { branch: 'timed_out' } },
      },
    });
    const drawn = {
      all: [
        { field: 'event.total', op: 'gte', value: 10 },
        { field: 'context.source', value: 'crm' },
        { field: 'accumulated.wait_1.branch', value: 'timed_out' },
      ],
    };
    expect(runNode(condition, drawn, ctx)).toMatchObject({
      branch: 'true',
      notes: [
        'event.total is 10, at least 10; context.source is "crm"; accumulated.wait_1.branch is "timed_out", so true',
      ],
    });
  });

  test('is false for a customer about whom nothing is known', () => {
    expect(runNode(condition, isPro)).toMatchObject({
      branch: 'false',
      notes: ['customer.properties.plan is not set, so false'],
    });
  });

  test('needs only what its paths begin with', () => {
    const needs = (drawn: object): unknown => condition.needs?.(condition.config.parse(drawn));
    expect(needs(isPro)).toEqual(['customer']);
    expect(needs({ field: 'event.x', value: 1 })).toEqual([]);
    expect(needs({ any: [isPro, { not: { field: 'accumulated.n.x', op: 'exists' } }] })).toEqual([
      'customer',
      'accumulated',
    ]);
  });

  test('has the branches true and false', () => {
    expect(condition.branches?.(condition.config.parse(isPro))).toEqual(['true', 'false']);
  });
});
