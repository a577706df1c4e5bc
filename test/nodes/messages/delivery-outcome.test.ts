/** What each delivery makes of the step (semantics 1, send failure rule). */
import { describe, expect, test } from 'vitest';
import { deliveryOutcome } from '../../../lib/nodes/messages/delivery-outcome.ts';

describe('deliveryOutcome', () => {
  test.each(['continue', 'fail'] as const)(
    'with on_failure %s, a sent message completes the step',
    (onFailure) => {
      expect(deliveryOutcome({ status: 'sent', providerMessageId: 'm1' }, onFailure)).toEqual({
        kind: 'completed',
        result: { status: 'sent', provider_message_id: 'm1' },
      });
    },
  );

  test.each([
    ['failed', 'mailbox full', 'not delivered: mailbox full'],
    ['skipped', 'no e-mail address', 'not sent: no e-mail address'],
  ] as const)(
    'a message that was %s completes the step, or fails it on request',
    (status, detail, note) => {
      expect(deliveryOutcome({ status, detail }, 'continue')).toEqual({
        kind: 'completed',
        result: { status, detail },
        notes: [note],
      });
      expect(deliveryOutcome({ status, detail }, 'fail')).toEqual({
        kind: 'failed',
        code: `send.${status}`,
        detail,
        retryable: false,
      });
    },
  );

  test.each([
    ['capped', 'not sent, because the customer has had enough messages'],
    ['unknown', 'nobody can tell whether it was sent, so it is not sent again'],
  ] as const)('a %s message never fails the step', (status, note) => {
    const outcome = { kind: 'completed', result: { status }, notes: [note] };
    expect(deliveryOutcome({ status }, 'continue')).toEqual(outcome);
    expect(deliveryOutcome({ status }, 'fail')).toEqual(outcome);
  });

  test('has words where the provider has none', () => {
    expect(deliveryOutcome({ status: 'failed', detail: '' }, 'fail')).toMatchObject({
      code: 'send.failed',
      detail: 'not delivered',
    });
  });
});
