import { describe, expect, test } from 'vitest';
import { renderJson, textsIn } from '../../../lib/nodes/templates/rendered-json.ts';
import { contextWith } from '../../support/node-runs.ts';

describe('JSON with templates in its texts', () => {
  test('finds every text, however deep, and no key', () => {
    expect(textsIn({ a: 'x', b: [1, 'y', { c: 'z' }], d: null })).toEqual(['x', 'y', 'z']);
    expect(textsIn(5)).toEqual([]);
    expect(textsIn(undefined)).toEqual([]);
  });

  test('renders each text and keeps everything else as it is', () => {
    const ctx = contextWith({ facts: { event: { total: 5, plan: 'pro' } } });
    const drawn = {
      '{{ key }}': 1,
      plan: 'plan {{ event.plan }}',
      list: ['{{ event.total }}', true],
    };
    expect(renderJson(drawn, ctx)).toEqual({
      value: { '{{ key }}': 1, plan: 'plan pro', list: [5, true] },
      missing: [],
    });
  });

  test('names what had no value, and stays empty there', () => {
    expect(renderJson({ plan: '{{ event.plan }}' }, contextWith())).toEqual({
      value: { plan: '' },
      missing: ['event.plan'],
    });
  });
});
