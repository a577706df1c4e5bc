/** Frequency caps as arithmetic (U8): the edges of the window, one channel and all, and giving places back. */
import { describe, expect, test } from 'vitest';
import {
  checkAndRecord,
  covers,
  exceededCap,
  isExhausted,
  newCapState,
  noSends,
  recordSend,
  withdrawSend,
  type SendTimes,
} from '../../lib/journey/frequency-cap.ts';
import type { FrequencyCap } from '../../lib/journey/graph.ts';

const email = (max: number, windowMs: number): FrequencyCap => ({
  channel: 'email',
  max,
  windowMs,
});
const all = (max: number, windowMs: number): FrequencyCap => ({ channel: 'all', max, windowMs });

describe('a window', () => {
  test.each([
    ['at its own instant', 1000, true],
    ['one millisecond after', 1001, true],
    ['one millisecond before the window has passed', 1099, true],
    ['exactly one window later', 1100, false],
    ['later', 5000, false],
  ])('counts a message %s', (_when, now, exhausted) => {
    expect(isExhausted({ byChannel: { email: [1000] } }, email(1, 100), now)).toBe(exhausted);
  });

  test('that ends later counts as well, so a clock that goes back breaks no cap', () => {
    const sends = { byChannel: { email: [1000] } };
    expect(isExhausted(sends, email(1, 100), 999)).toBe(true);
    expect(isExhausted(sends, email(1, 100), 901)).toBe(true);
    expect(isExhausted(sends, email(1, 100), 900)).toBe(false);
  });

  test('needs to be full itself: the messages on both sides may be more than the cap', () => {
    const sends = { byChannel: { email: [960, 1050] } };
    expect(isExhausted(sends, email(2, 100), 1000)).toBe(true);
    expect(isExhausted({ byChannel: { email: [910, 1090] } }, email(2, 100), 1000)).toBe(false);
  });
});

describe('a cap', () => {
  test('of one channel counts that channel, one of all the sum', () => {
    const sends = { byChannel: { email: [10, 20], sms: [30], push: [40] } };
    expect(isExhausted(sends, email(2, 100), 50)).toBe(true);
    expect(isExhausted(sends, email(3, 100), 50)).toBe(false);
    expect(isExhausted(sends, all(4, 100), 50)).toBe(true);
    expect(isExhausted(sends, all(5, 100), 50)).toBe(false);
  });

  test('of all counts what reaches the customer: no webhooks', () => {
    expect(covers(all(1, 1), 'in_app')).toBe(true);
    expect(covers(all(1, 1), 'webhook')).toBe(false);
    expect(covers({ channel: 'webhook', max: 1, windowMs: 1 }, 'webhook')).toBe(true);
    expect(isExhausted({ byChannel: { webhook: [1] } }, all(1, 100), 2)).toBe(false);
  });

  test('that refuses is named; the others do not matter', () => {
    const sends = { byChannel: { email: [10] } };
    const caps = [email(2, 100), all(1, 100), email(1, 100)];
    expect(exceededCap(sends, caps, 'email', 50)).toEqual(all(1, 100));
    expect(exceededCap(sends, caps, 'sms', 50)).toEqual(all(1, 100));
    expect(exceededCap(sends, [email(1, 100)], 'sms', 50)).toBeUndefined();
    expect(exceededCap(noSends, caps, 'email', 50)).toBeUndefined();
  });
});

describe('what is remembered', () => {
  test('is in order, whatever the order of recording', () => {
    const sends = [30, 10, 20].reduce<SendTimes>(
      (before, now) => recordSend(before, 'email', now, 1000),
      noSends,
    );
    expect(sends).toEqual({ byChannel: { email: [10, 20, 30] } });
  });

  test('is what the longest window can see, and how far the rest reached', () => {
    const sends = { byChannel: { email: [100, 200], sms: [150] } };
    expect(recordSend(sends, 'email', 300, 100)).toEqual({
      byChannel: { email: [300] },
      forgotten: { latest: 200, at: 300 },
    });
    expect(recordSend(sends, 'push', 210, 100)).toEqual({
      byChannel: { email: [200], sms: [150], push: [210] },
      forgotten: { latest: 100, at: 210 },
    });
  });

  test('is at most a thousand times of each channel', () => {
    const times = Array.from({ length: 1000 }, (_, n) => n);
    const sends = recordSend({ byChannel: { email: times } }, 'email', 1000, 1_000_000);
    expect(sends.byChannel.email).toHaveLength(1000);
    expect(sends.byChannel.email?.[0]).toBe(1);
    expect(isExhausted(sends, email(1000, 1_000_000), 1000)).toBe(true);
  });

  test('where something was forgotten, a clock that goes back is allowed nothing', () => {
    const sends = recordSend({ byChannel: { email: [100] } }, 'sms', 300, 100);
    expect(isExhausted(sends, email(1, 100), 150)).toBe(true);
    expect(isExhausted(sends, email(1, 100), 200)).toBe(false);
  });

  test('being short does not refuse a cap with a longer window than there was before', () => {
    const sends = recordSend({ byChannel: { email: [100] } }, 'email', 300, 100);
    expect(isExhausted(sends, email(2, 1000), 301)).toBe(false);
  });

  test('is taken back once for each message that did not leave', () => {
    const sends = { byChannel: { email: [10, 10, 20] } };
    const once = withdrawSend(sends, 'email', 10);
    expect(once).toEqual({ byChannel: { email: [10, 20] } });
    expect(withdrawSend(withdrawSend(once, 'email', 10), 'email', 10)).toEqual({
      byChannel: { email: [20] },
    });
    expect(withdrawSend(sends, 'sms', 10)).toBe(sends);
    expect(isExhausted(once, email(2, 100), 20)).toBe(true);
    expect(isExhausted(withdrawSend(once, 'email', 20), email(2, 100), 20)).toBe(false);
  });
});

describe('checkAndRecord', () => {
  test('allows as many as the cap says, for each customer', () => {
    let state = newCapState(email(2, 60_000));
    const answers: boolean[] = [];
    for (const customer of ['c1', 'c1', 'c1', 'c2']) {
      const answer = checkAndRecord(state, customer, 'email', 1000);
      answers.push(answer.allowed);
      state = answer.state;
    }
    expect(answers).toEqual([true, true, false, true]);
  });

  test('changes nothing when it refuses', () => {
    const { state } = checkAndRecord(newCapState(email(1, 100)), 'c1', 'email', 1000);
    expect(checkAndRecord(state, 'c1', 'email', 1050)).toEqual({ allowed: false, state });
  });
});
