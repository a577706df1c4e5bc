import { describe, expect, it } from 'vitest';
import { readInstance } from '../../../lib/engine/instances/read-instance.ts';
import { keys } from '../../../lib/engine/records/keys.ts';
import { handleTask } from '../../../lib/engine/steps/handle-task.ts';
import type { Json } from '../../../lib/json.ts';
import { apiHarness, type ApiHarness } from '../../support/api-harness.ts';
import { drawGraph, waitJourney, type DrawnJson } from '../../support/graphs.ts';

async function waiting(): Promise<{ h: ApiHarness; id: string }> {
  const h = await apiHarness();
  await h.call('POST', '/v1/journeys/J/publish', { graph: waitJourney() });
  const { body } = await h.call('POST', '/v1/journeys/J/instances', { customer_id: 'c1' });
  await h.settle();
  return { h, id: body.instance as string };
}

const payload = {
  schema: 2,
  tenant: 'T1',
  journey: 'J',
  instance: 'i1',
  epoch: 1,
  node: 'entry_1',
};

describe('a payload', () => {
  it.each([
    ['of this release', { schema: 2, journey: 'J' }],
    ['of the release before', { schema: 1 }],
  ])('%s is understood', async (_which, fields) => {
    const { h, id } = await waiting();
    const run = { ...fields, tenant: 'T1', instance: id, epoch: 1, node: 'entry_1' };
    await expect(handleTask(h.ctx, 'run_node', run)).resolves.toEqual({});
  });

  it.each([
    ['of a later release', { schema: 3 }],
    ['of a release long gone', { schema: 0 }],
    ['without a schema', { schema: undefined }],
    ['whose schema is no number', { schema: '2' }],
    ['of this release without a journey', { journey: undefined }],
    ['without a tenant', { tenant: undefined }],
    ['whose tenant is longer than a key', { tenant: 'T'.repeat(600) }],
    ['whose tenant is half a character', { tenant: 'T\ud800' }],
    ['whose instance reaches for another key', { instance: 'i#s#entry_1' }],
    ['whose node is longer than a key', { node: 'n'.repeat(600) }],
    ['whose node is half a character', { node: '\udc00' }],
    ['without a node', { node: undefined }],
    ['whose epoch is no execution', { epoch: 0.5 }],
    ['whose token is none', { token: '' }],
    ['that asks for something else', { ask: 'tea' }],
  ])('%s is refused', async (_which, fields) => {
    const { ctx } = await apiHarness();
    await expect(handleTask(ctx, 'run_node', { ...payload, ...fields })).rejects.toMatchObject({
      code: 'task.payload',
    });
  });

  it('that is refused is not repeated in the error: it may hold a token', async () => {
    const { ctx } = await apiHarness();
    const refused = handleTask(ctx, 'run_node', { ...payload, ask: 'secret', token: 'secret' });
    await expect(refused).rejects.not.toThrow('secret');
  });

  it('stops an execution of an instance or a tenant that is not there', async () => {
    const { h, id } = await waiting();
    const stopped = { name: 'Kalcifer.Stopped' };
    await expect(handleTask(h.ctx, 'run_node', payload)).rejects.toMatchObject(stopped);
    const foreign = { ...payload, instance: id, tenant: 'T2' };
    await expect(handleTask(h.ctx, 'run_node', foreign)).rejects.toMatchObject(stopped);
  });

  it('keeps of the name of an error as much as a name has', async () => {
    const { h, id } = await waiting();
    const failure = { ...payload, instance: id, error: 'x'.repeat(200_000) };
    await handleTask(h.ctx, 'fail_instance', failure);
    const { status, exitReason } = await readInstance(h.ctx, { tenant: 'T1', instance: id });
    expect({ status, exitReason }).toEqual({ status: 'failed', exitReason: 'x'.repeat(128) });
  });
});

/** A machine as the release before compiled it: payloads of schema 1, and no journey anywhere. */
function asBefore(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => asBefore(one) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([field]) => field !== 'journey.$')
      .map(([field, inner]) => [field, field === 'schema' ? 1 : asBefore(inner)]),
  );
}

async function makeOld(h: ApiHarness): Promise<void> {
  const item = await h.table.get(keys.machine('T1', 'J', 1));
  if (item === undefined) throw new Error('there is no machine');
  const definition = JSON.stringify(asBefore(JSON.parse(item.definition as string) as Json));
  expect(definition).not.toContain('journey');
  await h.table.write({ name: 'test.age', writes: [{ put: { ...item, definition } }] });
}

describe('a machine of the release before', () => {
  const forked: DrawnJson = drawGraph(
    {
      in: ['event_entry', { event_type: 'go' }],
      a: ['wait', { duration: '1d' }],
      b: ['add_tag', { tag: 'b' }],
      join: ['add_tag', { tag: 'joined' }],
      out: ['exit'],
    },
    ['in -> a', 'in -> b', 'a -> join', 'b -> join', 'join -> out'],
  );

  it.each([
    ['a wait', waitJourney()],
    ['parallel branches', forked],
  ])('runs %s to the end, also through a pause', async (_what, graph) => {
    const h = await apiHarness();
    await h.call('POST', '/v1/journeys/J/publish', { graph });
    await makeOld(h);
    const { body } = await h.call('POST', '/v1/journeys/J/instances', { customer_id: 'c1' });
    const path = `/v1/instances/${body.instance as string}`;
    await h.settle();
    await h.call('POST', `${path}/pause`);
    h.clock.moveTo(h.clock.now() + 2 * 86_400_000);
    await h.settle();
    expect((await h.call('GET', path)).body.status).toBe('paused');
    await h.call('POST', `${path}/resume`);
    await h.settle();
    expect((await h.call('GET', path)).body.status).toBe('completed');
    expect(h.reported).toEqual([]);
  });
});
