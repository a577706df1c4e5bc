/** Guesses at what somebody meant. */
import { describe, expect, test } from 'vitest';
import { nearestName } from '../../lib/journey/nearest-name.ts';

describe('nearestName', () => {
  const known = ['wait', 'wait_until', 'send_email', 'exit', 'condition'];

  test.each([
    ['send_emial', 'send_email'],
    ['send-email', 'send_email'],
    ['Send_Email', 'send_email'],
    ['conditon', 'condition'],
    ['exti', 'exit'],
    ['wiat', 'wait'],
    ['wait_untill', 'wait_until'],
  ])('takes %s for %s', (given, meant) => {
    expect(nearestName(given, known)).toBe(meant);
  });

  test.each(['send_sms', 'xt', 'banana', '', 'wait'])('has no guess for "%s"', (given) => {
    expect(nearestName(given, known)).toBeUndefined();
  });

  test('prefers the nearer of two', () => {
    expect(nearestName('email_1x', ['email_22', 'email_1'])).toBe('email_1');
  });
});
