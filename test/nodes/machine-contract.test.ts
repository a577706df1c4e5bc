import { describe, expect, it } from 'vitest';
import { nodePausedBefore, pausedBefore } from '../../lib/nodes/machine-contract.ts';

describe('the node in the cause of a pause', () => {
  it('is read from the message, as the embedded executor shows it', () => {
    expect(nodePausedBefore(pausedBefore('mail 1'))).toBe('mail 1');
  });

  it('is read from the JSON in which Lambda wraps the message', () => {
    const cause = JSON.stringify({
      errorType: 'Kalcifer.Paused',
      errorMessage: 'paused before mail 1',
      trace: ['Kalcifer.Paused: paused before mail 1', '    at runNode (index.mjs:1:1)'],
    });
    expect(nodePausedBefore(cause)).toBe('mail 1');
  });

  it.each(['The provider is away.', '{"errorMessage":"no"}', '{"errorMessage":5}', 'null', '7'])(
    'is nothing in %j',
    (cause) => {
      expect(nodePausedBefore(cause)).toBeUndefined();
    },
  );
});
