/** Property 9, pure: whatever the clock does, no window ever holds more messages than the cap allows. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  checkAndRecord,
  exceededCap,
  newCapState,
  noSends,
  recordSend,
  withdrawSend,
  type SendTimes,
} from '../../lib/journey/frequency-cap.ts';
import type { FrequencyCap } from '../../lib/journey/graph.ts';
import { fullestWindow } from '../support/fullest-window.ts';
import { countScenario } from '../support/scenario-count.ts';

const channel = fc.constantFrom('email', 'sms', 'push');
const cap: fc.Arbitrary<FrequencyCap> = fc.record({
  channel: fc.constantFrom('email', 'sms', 'all'),
  max: fc.integer({ min: 1, max: 5 }),
  windowMs: fc.integer({ min: 1, max: 60 }),
});
/** Small steps, so that messages meet at the edges of windows. */
const attempts = fc.array(
  fc.record({
    customer: fc.constantFrom('c1', 'c2'),
    channel,
    now: fc.integer({ min: 0, max: 120 }),
  }),
  { minLength: 1, maxLength: 100, size: 'max' },
);

function inOrder<Attempt extends { now: number }>(list: readonly Attempt[]): readonly Attempt[] {
  return list.toSorted((a, b) => a.now - b.now);
}

test.each([
  ['any', (list: Parameters<typeof inOrder>[0]) => list],
  ['a monotone', inOrder],
] as const)('for every cap and %s clock: it is never exceeded', (clock, order) => {
  let refused = 0;
  fc.assert(
    fc.property(cap, attempts, (drawn, tries) => {
      countScenario('9 cap never exceeded (pure)', { clock, drawn, tries });
      let state = newCapState(drawn);
      const sent: (typeof tries)[number][] = [];
      for (const attempt of order(tries) as typeof tries) {
        const one = attempt.channel as FrequencyCap['channel'];
        const answer = checkAndRecord(state, attempt.customer, one, attempt.now);
        state = answer.state;
        if (answer.allowed) sent.push(attempt);
        else refused += 1;
      }
      for (const customer of ['c1', 'c2']) {
        const times = sent
          .filter((each) => each.customer === customer)
          .filter((each) => drawn.channel === 'all' || drawn.channel === each.channel)
          .map(({ now }) => now);
        expect(fullestWindow(times, drawn.windowMs)).toBeLessThanOrEqual(drawn.max);
      }
    }),
    { numRuns: 300 },
  );
  // The corner is reached: the cap had something to refuse.
  expect(refused).toBeGreaterThan(1_000);
});

test('for every cap and a monotone clock: nothing is refused that the cap allows', () => {
  fc.assert(
    fc.property(cap, attempts, (drawn, tries) => {
      let state = newCapState(drawn);
      const sent: (typeof tries)[number][] = [];
      for (const attempt of inOrder(tries) as typeof tries) {
        const { customer, now } = attempt;
        const counted = sent.filter(
          (each) =>
            each.customer === customer &&
            (drawn.channel === 'all' || drawn.channel === each.channel) &&
            now - drawn.windowMs < each.now &&
            each.now <= now,
        );
        const isCovered = drawn.channel === 'all' || drawn.channel === attempt.channel;
        const one = attempt.channel as FrequencyCap['channel'];
        const answer = checkAndRecord(state, customer, one, now);
        state = answer.state;
        expect(answer.allowed).toBe(!isCovered || counted.length < drawn.max);
        if (answer.allowed) sent.push(attempt);
      }
    }),
    { numRuns: 200 },
  );
});

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('send' as const), channel, after: fc.nat(20) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), at: fc.nat(100) }) },
);

test('for every set of caps and messages that come back: each cap holds for those that left', () => {
  fc.assert(
    fc.property(
      fc.array(cap, { minLength: 1, maxLength: 4 }),
      fc.array(step, { maxLength: 100 }),
      (caps, steps) => {
        countScenario('9 cap never exceeded (several caps)', { caps, steps });
        let sends: SendTimes = noSends;
        let now = 0;
        const left: { channel: string; at: number }[] = [];
        for (const each of steps) {
          if (each.do === 'withdraw') {
            const [gone] = left.splice(left.length === 0 ? 0 : each.at % left.length, 1);
            if (gone !== undefined) sends = withdrawSend(sends, gone.channel, gone.at);
            continue;
          }
          now += each.after;
          if (exceededCap(sends, caps, each.channel, now) !== undefined) continue;
          sends = recordSend(sends, each.channel, now, 60);
          left.push({ channel: each.channel, at: now });
        }
        for (const drawn of caps) {
          const times = left
            .filter((each) => drawn.channel === 'all' || drawn.channel === each.channel)
            .map(({ at }) => at);
          expect(fullestWindow(times, drawn.windowMs)).toBeLessThanOrEqual(drawn.max);
        }
      },
    ),
    { numRuns: 200 },
  );
});
