/** Every law of node types, held against every type of the catalogue. */
import { describe, expect, test } from 'vitest';
import { nodeTypes } from '../../lib/nodes/catalogue.ts';
import { laws } from '../support/node-laws.ts';
import { nodeSamples } from '../support/node-samples.ts';

test('every type of the catalogue has samples, and no other', () => {
  expect(Object.keys(nodeSamples).sort()).toEqual([...nodeTypes.keys()].sort());
});

describe.each([...nodeTypes.values()])('$type', (type) => {
  test.each(laws)('$says', ({ hold }) => {
    const sample = nodeSamples[type.type];
    if (sample === undefined) throw new Error(`no samples for ${type.type}`);
    hold(type, sample);
  });
});
