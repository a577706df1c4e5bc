import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { input as failInput } from '../../lambdas/fail-instance/input.ts';
import { input as resolveInput } from '../../lambdas/resolve-wait/input.ts';
import { input as channelInput } from '../../lambdas/run-channel/input.ts';
import { input as dataInput } from '../../lambdas/run-data/input.ts';
import { input as entryInput } from '../../lambdas/run-entry/input.ts';
import { input as exitInput } from '../../lambdas/run-exit/input.ts';
import { input as logicInput } from '../../lambdas/run-logic/input.ts';
import { input as waitInput } from '../../lambdas/run-wait/input.ts';
import { nodeFunction, type NodeFunction } from '../../lambdas/_shared/node-function.ts';
import type { EngineContext } from '../../lib/engine/engine-context.ts';
import type { Json } from '../../lib/json.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { drawGraph } from '../support/graphs.ts';
import { call, watchLog } from '../support/lambda.ts';
import { mutated } from '../support/mutated-json.ts';
import { countScenario } from '../support/scenario-count.ts';

const functions = {
  'run-entry': { verb: 'run_node', input: entryInput },
  'run-channel': { verb: 'run_node', input: channelInput },
  'run-logic': { verb: 'run_node', input: logicInput },
  'run-data': { verb: 'run_node', input: dataInput },
  'run-wait': { verb: 'run_node', input: waitInput },
  'run-exit': { verb: 'run_node', input: exitInput },
  'resolve-wait': { verb: 'resolve_wait', input: resolveInput },
  'fail-instance': { verb: 'fail_instance', input: failInput },
} as const satisfies Record<string, Pick<NodeFunction, 'verb' | 'input'>>;

type Name = keyof typeof functions;

const names = Object.keys(functions) as Name[];

function functionOf(name: Name, ctx: EngineContext): ReturnType<typeof nodeFunction> {
  return nodeFunction({ ...functions[name], engine: () => ctx });
}

const graph = drawGraph(
  {
    in: ['event_entry', { event_type: 'go' }],
    mail: ['send_email', { subject: 'Hello', body: 'Hello {{ customer.name }}!' }],
    w: ['wait_for_event', { event_type: 'opened', timeout: '1d' }],
    tag: ['add_tag', { tag: 'slow' }],
    out: ['exit'],
  },
  ['in -> mail', 'mail -> w', 'w -> out [event_received]', 'w -> tag [timed_out]', 'tag -> out'],
);

const address = 'ada.lovelace@example.com';
const token = 'AAAAKgAAAAIAAAAA-task-token';

async function opened(): Promise<{ h: ApiHarness; id: string }> {
  const h = await apiHarness();
  await h.call('PUT', '/v1/customers/c1', { email: address, name: 'Ada' });
  await h.call('POST', '/v1/journeys/J/publish', { graph });
  const { body } = await h.call('POST', '/v1/events', {
    customer_id: 'c1',
    type: 'go',
    data: { card: '4111 1111 1111 1111' },
  });
  await h.settle();
  return { h, id: body.enrolled[0] as string };
}

describe.each(names)('%s', (name) => {
  let h: ApiHarness;
  let id: string;

  beforeAll(async () => {
    ({ h, id } = await opened());
  });

  const nearlyValid = (instance: string): fc.Arbitrary<Json> =>
    fc
      .record({
        schema: fc.constantFrom(1, 2),
        node: fc.constantFrom('in', 'mail', 'w', 'tag', 'out', 'nowhere'),
        ask: fc.constantFrom(undefined, undefined, 'deadline', 'join', 'pause'),
        cause: fc.constantFrom('paused before w', '{"errorMessage":"paused before mail"}', 'x'),
        epoch: fc.constantFrom(1, 1, 2),
      })
      .chain(({ ask, ...fields }) =>
        mutated({
          ...fields,
          ...(ask === undefined ? {} : { ask }),
          tenant: 'T1',
          journey: 'J',
          instance,
          token,
          error: 'States.TaskFailed',
        }),
      );

  it('answers any JSON, or refuses it by name', async () => {
    const log = watchLog();
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ stringUnit: 'binary' }), async (event) => {
        await call(functionOf(name, h.ctx), event);
        countScenario('any JSON gives an answer or one of our codes', { name, event });
      }),
      { numRuns: 60 },
    );
    expect(log.text()).not.toContain('Kalcifer.Unexpected');
  });

  it('answers whatever looks like a payload, and logs nothing of whom it is about', async () => {
    const log = watchLog();
    await fc.assert(
      fc.asyncProperty(nearlyValid(id), async (event) => {
        await call(functionOf(name, h.ctx), event);
        countScenario('any JSON gives an answer or one of our codes', { name, event });
      }),
      { numRuns: 150 },
    );
    expect(log.text()).not.toContain('Kalcifer.Unexpected');
    expect(log.text()).not.toContain(address);
    expect(log.text()).not.toContain('4111 1111');
    expect(log.text()).not.toContain('task-token');
  });
});

const payload = (instance: string): Json => ({
  schema: 2,
  tenant: 'T1',
  journey: 'J',
  instance,
  epoch: 1,
  node: 'tag',
});

describe('a node function', () => {
  it('runs a node for machines of this release and of the one before', async () => {
    for (const [schema, journey] of [
      [2, { journey: 'J' }],
      [1, {}],
    ] as const) {
      const { h, id } = await opened();
      h.clock.moveTo(h.clock.now() + 86_400_000);
      const log = watchLog();
      const run = { schema, tenant: 'T1', ...journey, instance: id, epoch: 1, node: 'w' };
      expect(await call(functionOf('resolve-wait', h.ctx), run)).toEqual({
        answer: { branch: 'timed_out' },
      });
      expect(log.counts()).toEqual([{ tenant: 'T1', ...journey, NodesRun: 1 }]);
      expect(log.lines()).toEqual([]);
    }
  });

  it.each(names)(
    '%s understands payloads of the release before, and refuses all others',
    async (name) => {
      const { h } = await opened();
      watchLog();
      const fields = { tenant: 'T1', instance: 'nobody', epoch: 1, node: 'w', token, error: 'E' };
      const answerTo = async (shape: Record<string, Json>): Promise<string> => {
        const { error } = (await call(functionOf(name, h.ctx), { ...fields, ...shape })) as never;
        return (error as Error).name;
      };
      expect(await answerTo({ schema: 1 })).toBe('Kalcifer.Stopped');
      expect(await answerTo({ schema: 2, journey: 'J' })).toBe('Kalcifer.Stopped');
      for (const schema of [0, 3, '2', null]) {
        expect(await answerTo({ schema, journey: 'J' })).toBe('function.input');
      }
    },
  );

  it('steers the machine by the name of its error', async () => {
    const { h } = await opened();
    const log = watchLog();
    const { error } = (await call(functionOf('run-data', h.ctx), payload('nobody'))) as never;
    expect(error).toMatchObject({
      name: 'Kalcifer.Stopped',
      message: 'There is no such instance.',
    });
    expect(log.text()).toBe('');
  });

  it('tells a store that is away apart from everything else', async () => {
    const { h, id } = await opened();
    const log = watchLog();
    h.table.failWith(new KalciferError('table.unavailable', 'The table throttles.'));
    const { error } = (await call(functionOf('run-data', h.ctx), payload(id))) as never;
    expect(error).toMatchObject({ name: 'Kalcifer.Unavailable', message: 'The table throttles.' });
    expect(log.counts()).toEqual([{ tenant: 'T1', journey: 'J', NodesRetried: 1 }]);
    expect(log.lines()).toMatchObject([
      { level: 'WARN', code: 'Kalcifer.Unavailable', tenant: 'T1', journey: 'J', instance: id },
    ]);
  });

  it('keeps to itself what an error says that nobody thought of', async () => {
    const { h, id } = await opened();
    const log = watchLog();
    h.table.failWith(new SyntaxError(`Unexpected token in "${address}"`));
    const handler = functionOf('run-data', h.ctx);
    await expect(handler(payload(id), {} as never)).rejects.toMatchObject({
      name: 'Kalcifer.Unexpected',
      message: 'The log tells where it happened.',
    });
    expect(log.text()).not.toContain(address);
    expect(log.lines()).toMatchObject([
      { level: 'ERROR', code: 'Kalcifer.Unexpected', error: 'SyntaxError', instance: id },
    ]);
    expect(log.lines()[0]?.at).toEqual(expect.arrayContaining([expect.stringContaining('at ')]));
    expect(log.counts()).toEqual([
      { tenant: 'T1', journey: 'J', NodesRetried: 1 },
      { UnexpectedErrors: 1 },
    ]);
  });

  it('counts an instance that it gives up on', async () => {
    const { h, id } = await opened();
    const log = watchLog();
    const { node: _node, ...ids } = payload(id) as Record<string, Json>;
    const given = { ...ids, error: 'States.Timeout' };
    expect(await call(functionOf('fail-instance', h.ctx), given)).toEqual({ answer: {} });
    expect(log.counts()).toEqual([{ tenant: 'T1', journey: 'J', NodesFailed: 1 }]);
    expect((await h.call('GET', `/v1/instances/${id}`)).body).toMatchObject({ status: 'failed' });
  });
});
