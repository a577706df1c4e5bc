/** `track_conversion`: one conversion, and what it was worth. */
import { describe, expect, test } from 'vitest';
import { trackConversion } from '../../lib/nodes/track-conversion.ts';
import { contextWith, runNode } from '../support/node-runs.ts';

const bought = contextWith({ facts: { event: { total: 49.9, plan: 'pro' } } });

describe('track_conversion', () => {
  test('counts one conversion and goes on', () => {
    expect(runNode(trackConversion, { event_name: 'bought' })).toEqual({
      kind: 'completed',
      result: { conversion: 'bought' },
      effects: [{ kind: 'convert', name: 'bought' }],
      notes: [],
    });
  });

  test('carries what it was worth and what else there is to say', () => {
    const config = { event_name: 'bought', revenue: 20, metadata: { plan: 'pro', seats: 3 } };
    expect(runNode(trackConversion, config)).toMatchObject({
      result: { conversion: 'bought', value: 20, metadata: { plan: 'pro', seats: 3 } },
      effects: [
        { kind: 'convert', name: 'bought', value: 20, metadata: { plan: 'pro', seats: 3 } },
      ],
    });
  });

  test('reads revenue and metadata from the facts where they are templates', () => {
    const config = {
      event_name: 'bought',
      revenue: '{{ event.total }}',
      metadata: { plan: '{{ event.plan }}' },
    };
    expect(runNode(trackConversion, config, bought)).toMatchObject({
      effects: [{ kind: 'convert', name: 'bought', value: 49.9, metadata: { plan: 'pro' } }],
      notes: [],
    });
  });

  test.each([
    ['12.50', 12.5],
    ['0', 0],
  ])('a text such as %o is an amount', (total, value) => {
    const ctx = contextWith({ facts: { event: { total } } });
    const config = { event_name: 'bought', revenue: '{{ event.total }}' };
    expect(runNode(trackConversion, config, ctx)).toMatchObject({ effects: [{ value }] });
  });

  test('a revenue that is not a number leaves the conversion without one, and the step says so', () => {
    const ctx = contextWith({ facts: { event: { total: 'a lot' } } });
    const config = { event_name: 'bought', revenue: '{{ event.total }}' };
    expect(runNode(trackConversion, config, ctx)).toEqual({
      kind: 'completed',
      result: { conversion: 'bought' },
      effects: [{ kind: 'convert', name: 'bought' }],
      notes: ['the revenue is not a number, so the conversion has none'],
    });
  });

  test('names what was missing', () => {
    const config = { event_name: 'bought', revenue: '{{ event.total }}' };
    expect(runNode(trackConversion, config)).toMatchObject({
      notes: [
        'event.total is not set, so its place is empty',
        'the revenue is not a number, so the conversion has none',
      ],
    });
  });

  test('fails the node when a template cannot be rendered', () => {
    const ctx = contextWith({ facts: { event: { list: 'x'.repeat(100_000) } } });
    const many = '{% for n in (1..100) %}{{ event.list }}{% endfor %}';
    const config = { event_name: 'bought', metadata: { many } };
    expect(runNode(trackConversion, config, ctx)).toMatchObject({
      kind: 'failed',
      code: 'template.failed',
      retryable: false,
    });
  });
});
