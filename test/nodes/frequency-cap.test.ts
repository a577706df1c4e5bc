/** `frequency_cap`: which branch, why, and which cap the sends behind it inherit. */
import { describe, expect, test } from 'vitest';
import { frequencyCap } from '../../lib/nodes/frequency-cap.ts';
import { contextWith, runNode } from '../support/node-runs.ts';

const now = Date.parse('2026-01-08T00:00:00Z');
const day = 86_400_000;

function branchWith(config: object, byChannel: Record<string, number[]>): unknown {
  const outcome = runNode(frequencyCap, { ...config }, contextWith({ now, sends: { byChannel } }));
  return outcome.kind === 'branched' ? [outcome.branch, ...(outcome.notes ?? [])] : outcome;
}

describe('frequency_cap', () => {
  test('lets by who has had fewer messages in the window', () => {
    const config = { channel: 'email', max_messages: 2, time_window: '7d' };
    expect(branchWith(config, { email: [now - 7 * day, now - 1] })).toEqual([
      'allowed',
      'the customer may have another message (email: 2 in 1w), so allowed',
    ]);
    expect(branchWith(config, { email: [now - 7 * day + 1, now] })).toEqual([
      'capped',
      'the customer has had the allowed messages (email: 2 in 1w), so capped',
    ]);
  });

  test('without a channel counts all of them', () => {
    const config = { max_messages: 2, time_window: '1d' };
    expect(branchWith(config, { email: [now], sms: [now] })).toMatchObject({ 0: 'capped' });
    expect(branchWith(config, { email: [now] })).toMatchObject({ 0: 'allowed' });
  });

  test('lets by whom nothing was ever sent', () => {
    const config = { max_messages: 1, time_window: '1d' };
    expect(runNode(frequencyCap, config, contextWith())).toMatchObject({ branch: 'allowed' });
  });

  test('gives its cap to what lies behind allowed, and reads who was sent what', () => {
    const config = frequencyCap.config.parse({ max_messages: 2, time_window: '1d' });
    expect(frequencyCap.cap?.(config)).toEqual({
      cap: { channel: 'all', max: 2, windowMs: day },
      branch: 'allowed',
    });
    expect(frequencyCap.needs?.(config)).toEqual(['sends']);
  });
});
