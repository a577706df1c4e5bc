/** Property 9 on the running system: journeys in parallel, several kinds of caps, providers that fail and processes that die. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTestkit, type Testkit } from '../../lib/testkit/testkit.ts';
import type { ScriptedAnswer, SendView } from '../../lib/testkit/testkit-interface.ts';
import { fullestWindow } from '../support/fullest-window.ts';
import { drawGraph, type DrawnJson } from '../support/graphs.ts';
import { entry, exit } from '../support/kit.ts';
import { countScenario } from '../support/scenario-count.ts';
import { survive } from '../support/survive.ts';

const tenant = 'T1';
const customers = ['c1', 'c2'];
const journeys = ['A', 'B', 'C'];

interface Cap {
  readonly channel: 'email' | 'sms' | 'all';
  readonly max: number;
  readonly window: '1h' | '3h';
}

const cap: fc.Arbitrary<Cap> = fc.record({
  channel: fc.constantFrom('email', 'sms', 'all'),
  max: fc.integer({ min: 1, max: 3 }),
  window: fc.constantFrom('1h', '3h'),
});
const send = fc.constantFrom('email', 'sms');
const act = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('enter' as const),
      journeys: fc.array(fc.constantFrom(...journeys), { minLength: 1, maxLength: 6 }),
      customer: fc.constantFrom(...customers),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      time: fc.constantFrom('1ms', '29m', '59m', '3599999ms', '1h', '3h'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      channel: send,
      answer: fc.constantFrom<ScriptedAnswer>(
        'refuse',
        'transient',
        'hang',
        'accept_then_lose_answer',
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('die' as const),
      point: fc.constantFrom(
        'send.claim:before',
        'send.claim:after',
        'provider.call:before',
        'provider.call:after',
        'send.release:before',
        'send.release:after',
        'step.finish:before',
        'step.finish:after',
      ),
      nth: fc.integer({ min: 1, max: 4 }),
    }),
  },
);

/** Where a scenario puts its cap: on the tenant, on every journey, or in a node that all messages lie behind. */
type Place = 'tenant' | 'journey' | 'graph' | 'node';

function journeyWith(channels: readonly string[], place: Place, drawn: Cap): DrawnJson {
  const messages = channels.map((channel, at) => [
    `m${at}`,
    [`send_${channel}`, channel === 'email' ? { subject: 'Hi', body: 'Hi' } : { body: 'Hi' }],
  ]) as [string, readonly [string, Record<string, unknown>]][];
  const first =
    place === 'node' ? ['in -> cap', 'cap -> m0 [allowed]', 'cap -> over [capped]'] : ['in -> m0'];
  const config = { channel: drawn.channel, max_messages: drawn.max, time_window: drawn.window };
  const graph = drawGraph(
    {
      in: entry,
      ...(place === 'node' ? { cap: ['frequency_cap', config], over: exit } : {}),
      ...Object.fromEntries(messages),
      out: exit,
    },
    [
      ...first,
      ...messages.slice(1).map((_, at) => `m${at} -> m${at + 1}`),
      `m${messages.length - 1} -> out`,
    ],
  );
  return place === 'graph' ? { ...graph, frequency_cap: config } : graph;
}

const scenario = fc.record({
  place: fc.constantFrom<Place>('tenant', 'journey', 'graph', 'node'),
  cap,
  channels: fc.array(fc.array(send, { minLength: 1, maxLength: 3 }), {
    minLength: 3,
    maxLength: 3,
  }),
  acts: fc.array(act, { minLength: 4, maxLength: 14 }),
  seed: fc.nat(1_000_000),
});

type Scenario = typeof scenario extends fc.Arbitrary<infer Drawn> ? Drawn : never;

async function setUp(kit: Testkit, drawn: Scenario): Promise<void> {
  for (const id of customers) {
    await kit.customer({ tenant, id, email: `${id}@example.com`, phone: '+4917012345678' });
  }
  for (const [at, journey] of journeys.entries()) {
    const graph = journeyWith(drawn.channels[at] ?? ['email'], drawn.place, drawn.cap);
    const frequencyCaps = drawn.place === 'journey' ? [drawn.cap] : undefined;
    await kit.publish({ tenant, journey, graph, frequencyCaps });
  }
  if (drawn.place === 'tenant') await kit.tenantCaps({ tenant, caps: [drawn.cap] });
}

async function carryOut(kit: Testkit, { acts }: Scenario): Promise<number> {
  let deaths = 0;
  for (const one of acts) {
    if (one.do === 'answer') kit.channel(one.channel).next(one.answer);
    if (one.do === 'die') kit.killAt(one.point, one.nth);
    if (one.do === 'wait') deaths += await survive(kit, () => kit.advance(one.time));
    if (one.do === 'enter') {
      const { customer } = one;
      await Promise.allSettled(
        one.journeys.map((journey) => kit.enroll({ tenant, journey, customer })),
      );
      deaths += await survive(kit, () => kit.settle());
    }
  }
  deaths += await survive(kit, () => kit.advance('1d'));
  return deaths;
}

const windowMs = { '1h': 3_600_000, '3h': 10_800_000 };

function expectKept(drawn: Cap, sends: readonly SendView[]): void {
  for (const customer of customers) {
    const times = sends
      .filter((one) => one.customer === customer)
      .filter((one) => drawn.channel === 'all' || one.channel === drawn.channel)
      .map(({ at }) => Date.parse(at));
    expect(fullestWindow(times, windowMs[drawn.window])).toBeLessThanOrEqual(drawn.max);
  }
}

describe('frequency caps', () => {
  it('for every journey, race, death and provider: no window holds more sends than allowed (property 9)', async () => {
    const seen = { deaths: 0, sent: 0, capped: 0 };
    await fc.assert(
      fc.asyncProperty(scenario, async (drawn) => {
        countScenario('9 cap never exceeded (running)', drawn);
        const kit = await createTestkit({ seed: drawn.seed });
        try {
          await setUp(kit, drawn);
          seen.deaths += await carryOut(kit, drawn);
          expectKept(drawn.cap, kit.sends());
          for (const id of await kit.instances({ tenant })) {
            for (const { status } of await kit.deliveries(id)) {
              if (status === 'sent') seen.sent += 1;
              if (status === 'capped') seen.capped += 1;
            }
            expect(['completed', 'failed']).toContain((await kit.instance(id)).status);
          }
        } finally {
          await kit.close();
        }
      }),
      { numRuns: 120 },
    );
    // The corners were reached: processes died, and caps had something to allow and to refuse.
    expect(seen.deaths).toBeGreaterThan(20);
    expect(seen.sent).toBeGreaterThan(100);
    expect(seen.capped).toBeGreaterThan(100);
  });
});
