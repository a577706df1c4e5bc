/** `remove_tag`: its one effect. */
import { expect, test } from 'vitest';
import { removeTag } from '../../lib/nodes/remove-tag.ts';
import { runNode } from '../support/node-runs.ts';

test('remove_tag completes with the removal as its effect', () => {
  expect(runNode(removeTag, { tag: 'trial' })).toEqual({
    kind: 'completed',
    result: { tag: 'trial' },
    effects: [{ kind: 'remove_tag', tag: 'trial' }],
  });
});
