import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { receiveEvents } from '../../lambdas/receive-event/handler.ts';
import type { Json } from '../../lib/json.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { drawGraph } from '../support/graphs.ts';
import { call, watchLog, type WatchedLog } from '../support/lambda.ts';
import { mutated } from '../support/mutated-json.ts';
import { countScenario } from '../support/scenario-count.ts';

const address = 'ada.lovelace@example.com';

const graph = drawGraph(
  {
    in: ['event_entry', { event_type: 'go' }],
    w: ['wait_for_event', { event_type: 'opened', timeout: '1d' }],
    out: ['exit'],
  },
  ['in -> w', 'w -> out [event_received]', 'w -> out [timed_out]'],
);

let h: ApiHarness;

let log: WatchedLog;

beforeEach(async () => {
  log = watchLog();
  h = await apiHarness();
  await h.call('POST', '/v1/journeys/J/publish', { graph });
});

interface BusEvent {
  readonly id?: string;
  readonly type?: string;
  readonly detail?: Json;
}

/** As EventBridge puts it into a queue. */
function busEvent({ id = 'eb-1', type = 'go', detail }: BusEvent = {}): Record<string, Json> {
  return {
    version: '0',
    id,
    'detail-type': type,
    source: 'shop',
    account: '123456789012',
    time: '2026-01-01T00:00:00Z',
    region: 'eu-west-1',
    resources: [],
    detail: detail ?? { tenant: 'T1', customer: 'c1', data: { email: address } },
  };
}

function batch(...bodies: readonly Json[]): { Records: Record<string, Json>[] } {
  return {
    Records: bodies.map((body, at) => ({
      messageId: `m${at}`,
      receiptHandle: 'handle',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      eventSource: 'aws:sqs',
    })),
  };
}

const receive = (event: unknown): ReturnType<typeof call> =>
  call(
    receiveEvents(() => h.ctx),
    event,
  );

const nothingFailed = { answer: { batchItemFailures: [] } };

const failed = (...ids: readonly string[]): object => ({
  answer: { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) },
});

async function statuses(): Promise<readonly string[]> {
  const { body } = await h.call('GET', '/v1/journeys/J/instances');
  return body.instances.map(({ status }: { status: string }) => status);
}

describe('receive-event', () => {
  it('lets a customer in, and ends the wait by the next event', async () => {
    expect(await receive(batch(busEvent()))).toEqual(nothingFailed);
    await h.settle();
    expect(await statuses()).toEqual(['waiting']);
    expect(await receive(batch(busEvent({ id: 'eb-2', type: 'opened' })))).toEqual(nothingFailed);
    await h.settle();
    expect(await statuses()).toEqual(['completed']);
    expect(log.counts()).toEqual([
      { tenant: 'T1', EventsReceived: 1, EventsRouted: 0 },
      { tenant: 'T1', EventsReceived: 1, EventsRouted: 1 },
    ]);
    expect(log.text()).not.toContain(address);
  });

  it('receives an event once, however often EventBridge or its sender repeats it', async () => {
    await receive(batch(busEvent(), busEvent()));
    await receive(batch(busEvent()));
    const own = { tenant: 'T1', customer: 'c2', id: 'order-1' };
    await receive(batch(busEvent({ id: 'a', detail: own }), busEvent({ id: 'b', detail: own })));
    expect(await statuses()).toHaveLength(2);
  });

  it('takes the events of one customer in the order of the batch', async () => {
    const opened = busEvent({ id: 'eb-2', type: 'opened' });
    // The first has to be carried out to its end before the second finds a wait.
    const graphNow = drawGraph(
      {
        in: ['event_entry', { event_type: 'go' }],
        again: ['event_entry', { event_type: 'opened' }],
        out: ['exit'],
      },
      ['in -> out', 'again -> out'],
    );
    await h.call('POST', '/v1/journeys/J/publish', { graph: graphNow });
    await receive(batch(busEvent(), opened));
    const { body } = await h.call('GET', '/v1/journeys/J/instances');
    const [instance] = body.instances as { id: string }[];
    await h.settle();
    const timeline = await h.call('GET', `/v1/instances/${instance?.id}/timeline`);
    expect(timeline.body.steps[0]).toMatchObject({ node: 'in' });
    expect(body.instances).toHaveLength(1);
  });

  it('gives back what it cannot read, and only that, without a word of it', async () => {
    const answer = await receive(
      batch(
        '{"secret": hunter2',
        busEvent(),
        busEvent({ id: 'x', detail: { tenant: 'T1', customer: { name: 'Ada' } } }),
        busEvent({ id: 'y', detail: { tenant: 'T1', customer: ' ' } }),
        'null',
      ),
    );
    // Those that cannot be read fail at once, the other when its turn has come.
    expect(answer).toEqual(failed('m0', 'm2', 'm4', 'm3'));
    expect(await statuses()).toHaveLength(1);
    expect(log.lines().map(({ code, queue_message: id }) => [code, id])).toEqual([
      ['function.input', 'm0'],
      ['function.input', 'm2'],
      ['function.input', 'm4'],
      ['input.invalid', 'm3'],
    ]);
    expect(log.lines()[1]?.message).toBe(
      'This is not what the function is called with: detail.customer: invalid_type, or source: invalid_value.',
    );
    expect(log.text()).not.toMatch(/hunter2|Ada/);
    expect(log.counts().filter((count) => 'MessagesRefused' in count)).toHaveLength(3);
  });

  it.each([
    ['lists', '['.repeat(50_000) + ']'.repeat(50_000)],
    ['objects', '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000)],
  ])('gives back a message of %s in each other without end, by name', async (_of, nested) => {
    const body = JSON.stringify(busEvent()).replace('"data":{', `"data":{"deep":${nested},`);
    const report = body.replace('"shop"', '"aws.ses"');
    expect(await receive(batch(body, busEvent(), report, nested))).toEqual(
      failed('m0', 'm2', 'm3'),
    );
    expect(log.lines().map(({ code }) => code)).toEqual(Array(3).fill('function.input'));
    expect(await statuses()).toHaveLength(1);
  });

  it('gives everything back while the table is away', async () => {
    h.table.failWith(new KalciferError('table.unavailable', 'The table throttles.'));
    expect(await receive(batch(busEvent(), busEvent({ id: 'eb-2' })))).toEqual(failed('m0', 'm1'));
    h.table.failWith(undefined);
    expect(await receive(batch(busEvent(), busEvent({ id: 'eb-2' })))).toEqual(nothingFailed);
  });

  it('answers any batch of anything, or refuses it by name', async () => {
    const anyBatch = fc.oneof(
      fc.jsonValue({ stringUnit: 'binary' }),
      mutated(batch(busEvent(), busEvent({ type: 'opened' })) as unknown as Json),
      fc
        .array(fc.oneof(mutated(busEvent()), fc.jsonValue({ stringUnit: 'binary' })), {
          maxLength: 4,
        })
        .map((bodies) => batch(...(bodies as Json[])) as unknown as Json),
    );
    await fc.assert(
      fc.asyncProperty(anyBatch, async (event) => {
        await receive(event);
        countScenario('any JSON gives an answer or one of our codes', {
          name: 'receive-event',
          event,
        });
      }),
      { numRuns: 400 },
    );
    expect(log.text()).not.toContain('Kalcifer.Unexpected');
    expect(log.text()).not.toContain(address);
  });
});
