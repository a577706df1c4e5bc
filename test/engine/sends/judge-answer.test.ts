import { describe, expect, it } from 'vitest';
import { judgeAnswer } from '../../../lib/engine/sends/judge-answer.ts';

const first = { attempt: 1, waitedMs: 0, idempotent: false };
const last = { ...first, attempt: 9 };
const reason = 'why';

describe('judgeAnswer', () => {
  it('settles what the provider has decided', () => {
    expect(judgeAnswer({ kind: 'accepted', providerMessageId: 'm1' }, first)).toEqual({
      kind: 'settle',
      delivery: { status: 'sent', providerMessageId: 'm1' },
    });
    expect(judgeAnswer({ kind: 'refused', reason }, first)).toEqual({
      kind: 'settle',
      delivery: { status: 'failed', detail: 'why' },
    });
  });

  it('fails the instance over a wrong set-up, at any attempt', () => {
    for (const attempt of [first, last]) {
      expect(judgeAnswer({ kind: 'misconfigured', reason }, attempt)).toEqual({
        kind: 'fail',
        detail: 'why',
      });
    }
  });

  it('tries a message again that did not leave, eight times', () => {
    const again = { kind: 'again', reason: 'why', counts: true };
    expect(judgeAnswer({ kind: 'transient', reason }, first)).toEqual(again);
    expect(judgeAnswer({ kind: 'transient', reason }, { ...first, attempt: 8 })).toEqual(again);
    expect(judgeAnswer({ kind: 'transient', reason }, last)).toEqual({
      kind: 'settle',
      delivery: { status: 'failed', detail: 'given up after 9 attempts: why' },
    });
  });

  it('repeats a message that may have left only where that cannot send it twice', () => {
    const unknown = { kind: 'settle', delivery: { status: 'unknown', detail: 'why' } };
    expect(judgeAnswer({ kind: 'unknown', reason }, first)).toEqual(unknown);
    expect(judgeAnswer({ kind: 'unknown', reason }, { ...first, idempotent: true })).toEqual({
      kind: 'again',
      reason: 'why',
      counts: true,
    });
    expect(judgeAnswer({ kind: 'unknown', reason }, { ...last, idempotent: true })).toEqual(
      unknown,
    );
  });

  it('cannot tell of a message that is given up, when an earlier attempt may have sent it', () => {
    const uncertain = { ...last, idempotent: true, uncertain: true };
    expect(judgeAnswer({ kind: 'transient', reason }, uncertain)).toEqual({
      kind: 'settle',
      delivery: { status: 'unknown', detail: 'given up after 9 attempts: why' },
    });
    expect(judgeAnswer({ kind: 'refused', reason }, uncertain)).toMatchObject({
      delivery: { status: 'failed' },
    });
  });

  it('waits an hour for a provider that is not called, without counting', () => {
    const hour = 3_600_000;
    expect(judgeAnswer({ kind: 'held', reason }, { ...last, waitedMs: hour })).toEqual({
      kind: 'again',
      reason: 'why',
      counts: false,
    });
    expect(judgeAnswer({ kind: 'held', reason }, { ...first, waitedMs: hour + 1 })).toEqual({
      kind: 'settle',
      delivery: { status: 'failed', detail: 'given up: why' },
    });
  });
});
