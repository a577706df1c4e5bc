import { beforeEach, expect, it } from 'vitest';
import { handleTask } from '../../../lib/engine/steps/handle-task.ts';
import { pause } from '../../../lib/engine/instances/pause.ts';
import { readInstance } from '../../../lib/engine/instances/read-instance.ts';
import { apiHarness, type ApiHarness } from '../../support/api-harness.ts';
import { waitJourney } from '../../support/graphs.ts';

let h: ApiHarness;
let id: string;

beforeEach(async () => {
  h = await apiHarness();
  await h.call('POST', '/v1/journeys/J/publish', { graph: waitJourney() });
  id = (await h.call('POST', '/v1/journeys/J/instances', { customer_id: 'c1' })).body.instance;
  await h.settle();
});

const park = (fields: object = {}): Promise<unknown> =>
  handleTask(h.ctx, 'run_node', {
    schema: 1,
    tenant: 'T1',
    instance: id,
    epoch: 1,
    ask: 'pause',
    cause: 'paused before wait_1',
    token: 'task-1',
    ...fields,
  });

const read = () => readInstance(h.ctx, { tenant: 'T1', instance: id });

it('keeps the last token of each node, also when the same task is retried', async () => {
  await pause(h.ctx, { tenant: 'T1', instance: id });
  await park();
  await park({ token: 'task-2' });
  await park({ token: 'task-3', cause: 'paused before tag_1' });
  expect((await read()).pause?.gates).toEqual([
    { node: 'wait_1', task: 'task-2' },
    { node: 'tag_1', task: 'task-3' },
  ]);
});

it('lets an instance that was resumed in between go on at once', async () => {
  const before = await read();
  await park();
  expect(await read()).toEqual(before);
});

it('stops an execution that has nothing to do here any more', async () => {
  const stopped = { name: 'Kalcifer.Stopped' };
  await expect(park({ epoch: 2 })).rejects.toMatchObject(stopped);
  await expect(park({ instance: 'none' })).rejects.toMatchObject(stopped);
  await h.call('POST', `/v1/instances/${id}/cancel`);
  await expect(park()).rejects.toMatchObject(stopped);
});

it('refuses what no machine would send', async () => {
  await expect(park({ cause: 'something broke' })).rejects.toMatchObject({ code: 'task.payload' });
  await expect(park({ ask: 'tea' })).rejects.toMatchObject({ code: 'task.payload' });
});
