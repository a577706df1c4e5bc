import fc from 'fast-check';
import { expect, it } from 'vitest';
import { handleTask, type TaskVerb } from '../../../lib/engine/steps/handle-task.ts';
import { apiHarness, type ApiHarness } from '../../support/api-harness.ts';
import { drawGraph } from '../../support/graphs.ts';
import { countScenario } from '../../support/scenario-count.ts';

const verb = fc.constantFrom<TaskVerb>('run_node', 'resolve_wait', 'fail_instance');

/** Texts that keys, rows and machines are least fond of. */
const oddText = fc.oneof(
  fc.constantFrom('', ' ', '#', '%23', 'T1', 'T2', 'J', '__proto__', 'a\u0000b', '\ud800', '🙂'),
  fc.constantFrom('x'.repeat(600), '#'.repeat(128), 'é'.repeat(300), 'paused before in', 'in'),
  fc.string({ unit: 'binary', maxLength: 80 }),
);

/** One field of a valid payload, or some more, replaced by anything. */
function nearlyValid(instance: string): fc.Arbitrary<unknown> {
  const field = <Value>(valid: fc.Arbitrary<Value>): fc.Arbitrary<unknown> =>
    fc.oneof({ weight: 6, arbitrary: valid }, oddText, fc.jsonValue());
  return fc.record(
    {
      schema: field(fc.constantFrom(1, 2)),
      tenant: field(fc.constant('T1')),
      journey: field(fc.constant('J')),
      instance: field(fc.constant(instance)),
      epoch: field(fc.constantFrom(1, 2)),
      node: field(fc.constantFrom('in', 'w', 'mail', 'join', 'out')),
      ask: field(fc.constantFrom('deadline', 'pause', 'join')),
      cause: field(fc.constant('paused before w')),
      token: field(fc.constant('token')),
      error: field(fc.constant('States.TaskFailed')),
    },
    { requiredKeys: ['schema', 'tenant', 'instance', 'epoch'] },
  );
}

async function forked(): Promise<{ h: ApiHarness; id: string }> {
  const h = await apiHarness();
  const graph = drawGraph(
    {
      in: ['event_entry', { event_type: 'go' }],
      w: ['wait_for_event', { event_type: 'opened', timeout: '1d' }],
      mail: ['send_email', { subject: 'Hello', body: 'Hello!' }],
      join: ['add_tag', { tag: 'joined' }],
      out: ['exit'],
    },
    [
      'in -> w',
      'in -> mail',
      'w -> join [event_received]',
      'w -> join [timed_out]',
      'mail -> join',
      'join -> out',
    ],
  );
  await h.call('POST', '/v1/journeys/J/publish', { graph });
  const { body } = await h.call('POST', '/v1/journeys/J/instances', { customer_id: 'c1' });
  await h.settle();
  return { h, id: body.instance as string };
}

/** What the machine knows what to do with: our signals, and one code of our own. */
function isOurs(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: string };
  return name?.startsWith('Kalcifer.') === true || code === 'task.payload';
}

async function holds(h: ApiHarness, called: TaskVerb, payload: unknown): Promise<void> {
  try {
    const answer = await handleTask(h.ctx, called, payload);
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer);
  } catch (error) {
    if (!isOurs(error)) throw error;
  }
  countScenario('any JSON gives an answer or one of our codes', { called, payload });
}

it('for any JSON, a function answers, steers its execution, or refuses the payload by name', async () => {
  const h = await apiHarness();
  await fc.assert(
    fc.asyncProperty(verb, fc.jsonValue({ stringUnit: 'binary' }), (called, payload) =>
      holds(h, called, payload),
    ),
    { numRuns: 200 },
  );
});

it('for everything that looks like a payload, too, whatever ran before', async () => {
  const { h, id } = await forked();
  await fc.assert(
    fc.asyncProperty(verb, nearlyValid(id), (called, payload) => holds(h, called, payload)),
    { numRuns: 500 },
  );
  await h.settle();
  expect(h.reported).toEqual([]);
});
