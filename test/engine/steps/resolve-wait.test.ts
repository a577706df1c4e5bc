/** A wait whose task is over before the wait is: whoever moves the instance at that very moment must not be overlooked. */
import { describe, expect, it } from 'vitest';
import { enrol } from '../../../lib/engine/enrolment/enrol.ts';
import { receiveEvent } from '../../../lib/engine/events/receive-event.ts';
import { pause } from '../../../lib/engine/instances/pause.ts';
import { readInstance } from '../../../lib/engine/instances/read-instance.ts';
import { resume } from '../../../lib/engine/instances/resume.ts';
import { publish } from '../../../lib/engine/journeys/publish.ts';
import { keys } from '../../../lib/engine/records/keys.ts';
import { resolveWait } from '../../../lib/engine/steps/resolve-wait.ts';
import type { Table } from '../../../lib/ports/table.ts';
import { engineApart, type EngineApart } from '../../support/engine-apart.ts';
import { drawGraph } from '../../support/graphs.ts';
import { entry } from '../../support/kit.ts';

const [tenant, customer] = ['T1', 'c1'];
const dayMs = 86_400_000;

const graph = drawGraph(
  {
    in: entry,
    opening: ['wait_for_event', { event_type: 'opened', timeout: '400d' }],
    thanks: ['add_tag', { tag: 'opened' }],
  },
  ['in -> opening', 'opening -> thanks [event_received]', 'opening -> thanks [timed_out]'],
);

async function waiting() {
  const engine = engineApart();
  await publish(engine.ctx, { tenant, journey: 'J', graph });
  const { instance } = await enrol(engine.ctx, { tenant, journey: 'J', customer });
  await engine.advance(299 * dayMs);
  return { engine, instance };
}

function tableOf({ ctx: { table } }: EngineApart): Table {
  return {
    get: (key) => table.get(key),
    query: (query) => table.query(query),
    queryIndex: (query) => table.queryIndex(query),
    write: (group) => table.write(group),
  };
}

/** The resolver of a task that is over after 300 days; `meanwhile` happens between its look at the instance and its write. */
async function resolving(meanwhile: (engine: EngineApart, instance: string) => Promise<unknown>) {
  const { engine, instance } = await waiting();
  let looked = false;
  const answer = resolveWait(
    {
      ...engine.ctx,
      table: {
        ...tableOf(engine),
        write: async (group) => {
          if (!looked && group.name === 'instance.reseat') {
            looked = true;
            await meanwhile(engine, instance);
          }
          return engine.ctx.table.write(group);
        },
      },
    },
    { tenant, instance, epoch: 1, node: 'opening' },
  );
  const read = () => readInstance(engine.ctx, { tenant, instance });
  return { engine, instance, answer, read };
}

describe('a wait that the next execution is to take up', () => {
  it('ends by the event that came at that moment', async () => {
    const { answer } = await resolving(({ ctx }) =>
      receiveEvent(ctx, { tenant, customer, type: 'opened' }),
    );
    await expect(answer).resolves.toEqual({ branch: 'event_received' });
  });

  it('is taken up although the instance was paused at that moment', async () => {
    const { answer, engine, instance, read } = await resolving(({ ctx }, id) =>
      pause(ctx, { tenant, instance: id }),
    );
    await expect(answer).rejects.toMatchObject({ name: 'Kalcifer.Stopped' });
    expect(await read()).toMatchObject({ status: 'paused', epoch: 2 });
    await engine.advance(1_000);
    await resume(engine.ctx, { tenant, instance });
    await engine.advance(102 * dayMs);
    expect(await read()).toMatchObject({ status: 'completed', epoch: 2 });
  });
});

describe('a wait that an event ends just now', () => {
  it('is not found gone by who reads the step before that and the instance after it', async () => {
    const { engine, instance } = await waiting();
    const table = tableOf(engine);
    const at = { tenant, instance, node: 'opening' };
    const stepKey = keys.step(tenant, instance, 'opening');
    const step = await table.get(stepKey);
    await receiveEvent(engine.ctx, { tenant, customer, type: 'opened' });
    let looks = 0;
    const tornReads: Table['get'] = (key) =>
      key.sk === stepKey.sk && (looks += 1) === 1 ? Promise.resolve(step) : table.get(key);
    const torn = { ...table, get: tornReads };
    const answer = resolveWait({ ...engine.ctx, table: torn }, { ...at, epoch: 1 });
    await expect(answer).resolves.toEqual({ branch: 'event_received' });
  });
});
