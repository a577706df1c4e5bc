/** `add_tag`: its one effect. */
import { expect, test } from 'vitest';
import { addTag } from '../../lib/nodes/add-tag.ts';
import { runNode } from '../support/node-runs.ts';

test('add_tag completes with the tag as its effect', () => {
  expect(runNode(addTag, { tag: 'vip' })).toEqual({
    kind: 'completed',
    result: { tag: 'vip' },
    effects: [{ kind: 'add_tag', tag: 'vip' }],
  });
});
