/** What Step Functions records of a journey is what the embedded executor records: for the samples, and for random valid journeys. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { createTestkit } from '../../lib/testkit/testkit.ts';
import { drawGraph, type DrawnJson } from '../support/graphs.ts';
import { openAwsHarness } from './support/aws-harness.ts';
import { forkedPlan, inSeconds, plainPlan } from './support/runnable-graphs.ts';
import { walk, type WalkPlan, type WalkTold } from './support/walk.ts';

const place = inject('place');

function sample(journey: string): DrawnJson {
  return JSON.parse(readFileSync(`statemachines/${journey}/v1.journey.json`, 'utf8')) as DrawnJson;
}

const samples: readonly (readonly [string, WalkPlan])[] = [
  [
    'welcome, opened at once',
    { graph: inSeconds(sample('welcome')), events: [{ type: 'email_opened' }] },
  ],
  [
    'welcome, opened after the reminder',
    { graph: inSeconds(sample('welcome'), ['opened']), events: [{ type: 'email_opened' }] },
  ],
  [
    'welcome, never opened',
    { graph: inSeconds(sample('welcome'), ['opened', 'opened_late']), events: [] },
  ],
  [
    'abandoned-cart, won back',
    {
      graph: inSeconds(sample('abandoned-cart'), ['ordered_anyway']),
      events: [{ type: 'order_placed' }],
    },
  ],
  [
    'abandoned-cart, lost',
    {
      graph: inSeconds(sample('abandoned-cart'), ['ordered_anyway', 'ordered_in_time']),
      events: [],
    },
  ],
  [
    're-engagement, still quiet',
    { graph: inSeconds(sample('re-engagement'), ['came_back']), entry: 'by_hand', events: [] },
  ],
  [
    're-engagement, came back',
    { graph: inSeconds(sample('re-engagement')), events: [{ type: 'session_started' }] },
  ],
  [
    'a branch that stands at a join, while another waits',
    {
      graph: drawGraph(
        {
          in: ['event_entry', { event_type: 'go' }],
          paid: ['wait_for_event', { event_type: 'paid', timeout: '2h' }],
          tagged: ['add_tag', { tag: 'ordered' }],
          mail: ['send_email', { subject: 'paid', body: 'paid' }],
          out: ['exit'],
        },
        [
          'in -> paid',
          'in -> tagged',
          'tagged -> mail',
          'paid -> mail [event_received]',
          'paid -> mail [timed_out]',
          'mail -> out',
        ],
      ),
      events: [{ type: 'other' }, { type: 'paid' }],
    },
  ],
  [
    'an exit in one branch, while another waits',
    {
      graph: drawGraph(
        {
          in: ['event_entry', { event_type: 'go' }],
          soon: ['wait', { duration: '1s' }],
          out: ['exit', { reason: 'over' }],
          never: ['wait_for_event', { event_type: 'never', timeout: '2h' }],
          late: ['send_email', { subject: 'late', body: 'late' }],
        },
        [
          'in -> soon',
          'in -> never',
          'soon -> out',
          'never -> late [event_received]',
          'never -> late [timed_out]',
        ],
      ),
      events: [],
    },
  ],
];

/** Of many, those whose walk is the longest; with what the embedded executor tells of it. */
async function longestOf(
  kind: string,
  plans: readonly WalkPlan[],
  count: number,
): Promise<readonly (readonly [string, WalkPlan, WalkTold])[]> {
  const walked: { readonly plan: WalkPlan; readonly told: WalkTold }[] = [];
  for (const plan of plans) walked.push({ plan, told: await walkEmbedded(plan) });
  return walked
    .toSorted((a, b) => b.told.steps.length - a.told.steps.length)
    .slice(0, count)
    .map(({ plan, told }, n) => [`${kind} ${n + 1}, ${told.steps.length} steps`, plan, told]);
}

const drawn = 48;
const compared = 14;
const random = [
  ...(await longestOf('without forks', fc.sample(plainPlan(), drawn), compared)),
  ...(await longestOf('with forks', fc.sample(forkedPlan(), drawn), compared)),
];

describe.concurrent('a journey takes the same steps on Step Functions as embedded', () => {
  it.each(samples)('%s', async (_, plan) => compare(plan, await walkEmbedded(plan)));
  it.each(random)('random, %s', (_, plan, embedded) => compare(plan, embedded));
});

async function compare(plan: WalkPlan, embedded: WalkTold): Promise<void> {
  const deployed = await walkDeployed(plan);
  expect(comparable(plan, deployed), JSON.stringify(plan)).toEqual(comparable(plan, embedded));
}

async function walkEmbedded(plan: WalkPlan): Promise<WalkTold> {
  const kit = await createTestkit({ start: new Date().toISOString() });
  try {
    return await walk(
      {
        harness: kit,
        now: () => Date.parse(kit.now()),
        saveSegment: (tenant, id, rule) => kit.segment({ tenant, id, rule }),
      },
      plan,
    );
  } finally {
    await kit.close();
  }
}

function walkDeployed(plan: WalkPlan): Promise<WalkTold> {
  const harness = openAwsHarness(place);
  return walk(
    {
      harness,
      now: () => Date.now(),
      saveSegment: async (tenant, id, rule) => {
        await (await harness.api(tenant)).call('PUT', `/v1/segments/${id}`, { rule });
      },
    },
    plan,
  );
}

/** Branches of a fork have no order among each other; one path has. */
function comparable({ graph }: WalkPlan, told: WalkTold): WalkTold {
  const leads = new Set<string>();
  const forks = graph.edges.some(({ source, branch }) => {
    const lead = `${source} ${branch ?? ''}`;
    return leads.size === leads.add(lead).size;
  });
  const mails = told.sends.filter((send) => send.startsWith('email '));
  if (!forks) return { ...told, sends: mails };
  return {
    ...told,
    steps: told.steps.toSorted((a, b) => (a.node < b.node ? -1 : 1)),
    sends: mails.toSorted(),
    conversions: told.conversions.toSorted(),
  };
}
