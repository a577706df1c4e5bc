import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { receiveEvents } from '../../lambdas/receive-event/handler.ts';
import type { Json } from '../../lib/json.ts';
import type { MailIds } from '../../lib/mail-tags.ts';
import { configuredChannels } from '../../lib/ports/configured-channels.ts';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { drawGraph } from '../support/graphs.ts';
import { call, watchLog, type WatchedLog } from '../support/lambda.ts';
import { mutated } from '../support/mutated-json.ts';
import { countScenario } from '../support/scenario-count.ts';
import { sesEvent, type SesEventType } from '../support/ses-events.ts';

const graph = drawGraph(
  {
    in: ['event_entry', { event_type: 'go' }],
    mail: ['send_email', { subject: 'Hello', body: 'Hello!' }],
    w: ['wait_for_event', { event_type: 'email_opened', timeout: '1d' }],
    out: ['exit'],
  },
  ['in -> mail', 'mail -> w', 'w -> out [event_received]', 'w -> out [timed_out]'],
);

let log: WatchedLog;
let h: ApiHarness;
let ids: MailIds;

beforeEach(async () => {
  log = watchLog();
  const ses = {
    idempotent: false,
    send: () => Promise.resolve({ kind: 'accepted' as const, providerMessageId: 'ses-1' }),
  };
  h = await apiHarness(configuredChannels({ email: { ses } }));
  await h.call('PUT', '/v1/customers/c1', { email: 'ada@example.com' });
  await h.call('POST', '/v1/journeys/J/publish', { graph });
  const { body } = await h.call('POST', '/v1/events', { customer_id: 'c1', type: 'go' });
  await h.settle();
  ids = { tenant: 'T1', journey: 'J', instance: body.enrolled[0] as string, node: 'mail' };
});

const receive = (...events: readonly unknown[]): ReturnType<typeof call> =>
  call(
    receiveEvents(() => h.ctx),
    {
      Records: events.map((event, at) => ({ messageId: `m${at}`, body: JSON.stringify(event) })),
    },
  );

const nothingFailed = { answer: { batchItemFailures: [] } };

async function timeline(): Promise<{ status: string; send: string }> {
  const { body } = await h.call('GET', `/v1/instances/${ids.instance}/timeline`);
  const step = body.steps.find(({ node }: { node: string }) => node === 'mail');
  return { status: body.instance.status, send: step.delivery.status };
}

describe('what SES reports of a mail', () => {
  it.each<[SesEventType, { status: string; send: string }]>([
    ['Delivery', { status: 'waiting', send: 'delivered' }],
    ['Bounce', { status: 'waiting', send: 'bounced' }],
    ['Open', { status: 'completed', send: 'delivered' }],
  ])('%s moves the delivery, and the customer who waits for it', async (type, expected) => {
    expect(await receive(sesEvent(type, ids), sesEvent(type, ids))).toEqual(nothingFailed);
    await h.settle();
    expect(await timeline()).toEqual(expected);
  });

  it('passes over mails that nobody here knows', async () => {
    const unknown = { ...ids, instance: 'gone' };
    const stranger = { ...ids, tenant: 'T9' };
    expect(await receive(sesEvent('Open', unknown), sesEvent('Bounce', stranger))).toEqual(
      nothingFailed,
    );
    expect(await receive(sesEvent('Send', ids), { ...sesEvent('Open', ids), detail: {} })).toEqual(
      nothingFailed,
    );
    expect(await timeline()).toEqual({ status: 'waiting', send: 'sent' });
    expect(log.lines()).toEqual([]);
  });

  it('may be anything', async () => {
    const report = fc
      .constantFrom<SesEventType>('Delivery', 'Open', 'Click', 'Bounce', 'Complaint', 'Reject')
      .chain((type) => mutated(sesEvent(type, ids) as Json));
    await fc.assert(
      fc.asyncProperty(report, async (event) => {
        await receive(event);
        countScenario('any JSON gives an answer or one of our codes', { name: 'ses', event });
      }),
      { numRuns: 200 },
    );
    expect(log.text()).not.toMatch(/Kalcifer\.Unexpected|ada@example|192\.0\.2\.1/);
  });
});
