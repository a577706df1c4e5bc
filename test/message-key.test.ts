import { expect, it } from 'vitest';
import { messageKey } from '../lib/message-key.ts';

it('the key of a message says where it belongs, and nothing that changes', () => {
  expect(messageKey({ tenant: 'T1', instance: '0Ab', node: 'a/b' })).toBe('T1/0Ab/a/b');
});
