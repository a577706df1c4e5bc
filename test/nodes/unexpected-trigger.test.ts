/** The one answer to triggers that nobody asked for. */
import { expect, test } from 'vitest';
import { unexpectedTrigger } from '../../lib/nodes/unexpected-trigger.ts';

test('a trigger that a node never asked for fails it for good, with the reason', () => {
  expect(unexpectedTrigger('wait', { kind: 'timeout' })).toEqual({
    kind: 'failed',
    code: 'node.unexpected_trigger',
    detail: 'wait does not go on by this trigger: timeout',
    retryable: false,
  });
});
