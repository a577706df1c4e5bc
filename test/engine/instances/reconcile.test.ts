import { describe, expect, it } from 'vitest';
import { enrol } from '../../../lib/engine/enrolment/enrol.ts';
import { receiveEvent } from '../../../lib/engine/events/receive-event.ts';
import { cancel } from '../../../lib/engine/instances/cancel.ts';
import { pause } from '../../../lib/engine/instances/pause.ts';
import { readInstance } from '../../../lib/engine/instances/read-instance.ts';
import { reconcile } from '../../../lib/engine/instances/reconcile.ts';
import { beginEpoch } from '../../../lib/engine/instances/reseat.ts';
import { resume } from '../../../lib/engine/instances/resume.ts';
import { publish } from '../../../lib/engine/journeys/publish.ts';
import { executionName } from '../../../lib/engine/records/instance.ts';
import { KalciferError } from '../../../lib/kalcifer-error.ts';
import { engineApart } from '../../support/engine-apart.ts';
import { drawGraph } from '../../support/graphs.ts';
import { entry } from '../../support/kit.ts';

const tenant = 'T1';
const hourMs = 3_600_000;

/** A customer who waits for an event `yes`, a day at most, and whose execution can be stopped by hand. */
async function waiting() {
  const engine = engineApart();
  const graph = drawGraph(
    {
      in: entry,
      w: ['wait_for_event', { event_type: 'yes', timeout: '1d' }],
      on: ['add_tag', { tag: 'on' }],
      late: ['add_tag', { tag: 'late' }],
    },
    ['in -> w', 'w -> on [event_received]', 'w -> late [timed_out]'],
  );
  await publish(engine.ctx, { tenant, journey: 'J', graph });
  const { instance } = await enrol(engine.ctx, { tenant, journey: 'J', customer: 'c1' });
  await engine.advance(hourMs);
  const read = () => readInstance(engine.ctx, { tenant, instance });
  return {
    engine,
    ctx: engine.ctx,
    instance,
    read,
    stop: async () => {
      const { journey, version, id, epoch } = await read();
      const machine = { tenant, journey, version };
      const words = { error: 'Stopped', cause: 'by hand' };
      await engine.ctx.executions.stop({ machine, name: executionName({ id, epoch }), ...words });
      return { tenant, instance, epoch };
    },
  };
}

describe('a customer whose execution was stopped', () => {
  it('is taken up where she was, and goes on with the event that comes then', async () => {
    const { engine, ctx, read, stop } = await waiting();
    const ended = await stop();
    expect(await reconcile(ctx, ended)).toBe('taken_up');
    await engine.advance(1_000);
    expect(await read()).toMatchObject({ status: 'waiting', epoch: 2, tokens: [{ node: 'w' }] });
    await receiveEvent(ctx, { tenant, customer: 'c1', type: 'yes', id: 'e1' });
    await engine.advance(1_000);
    expect(await read()).toMatchObject({ status: 'completed', epoch: 2 });
    expect(engine.calls.map(({ node }) => node)).toContain('on');
  });

  it('goes on with an event that came before anybody noticed', async () => {
    const { engine, ctx, read, stop } = await waiting();
    const ended = await stop();
    await receiveEvent(ctx, { tenant, customer: 'c1', type: 'yes', id: 'e1' });
    expect((await read()).status).toBe('running');
    expect(await reconcile(ctx, ended)).toBe('taken_up');
    await engine.advance(1_000);
    expect((await read()).status).toBe('completed');
    expect(engine.calls.map(({ node }) => node)).toContain('on');
  });

  it('keeps the deadline that she had', async () => {
    const { engine, ctx, read, stop } = await waiting();
    const [before] = (await read()).tokens;
    await engine.advance(10 * hourMs);
    await reconcile(ctx, await stop());
    await engine.advance(1_000);
    const [after] = (await read()).tokens;
    expect(after?.wait).toMatchObject({
      deadline: before?.wait?.deadline,
      since: before?.wait?.since,
    });
    await engine.advance(14 * hourMs);
    expect((await read()).status).toBe('completed');
    expect(engine.calls.map(({ node }) => node)).toContain('late');
  });

  it('is taken up once, however often the end is told, also long after it', async () => {
    const { engine, ctx, read, stop } = await waiting();
    const ended = await stop();
    const told = await Promise.all([1, 2, 3].map(() => reconcile(ctx, ended)));
    expect(told.toSorted()).toEqual(['agrees', 'agrees', 'taken_up']);
    await engine.advance(hourMs);
    expect(await reconcile(ctx, ended)).toBe('agrees');
    expect(await read()).toMatchObject({ status: 'waiting', epoch: 2, takenUp: 1 });
  });

  it('is started by the next call when nobody could be started, or the first call died', async () => {
    const { engine, ctx, read, stop } = await waiting();
    const ended = await stop();
    const away = {
      ...ctx.executions,
      start: () => Promise.reject(new KalciferError('executions.unavailable', 'Away.')),
    };
    await expect(reconcile({ ...ctx, executions: away }, ended)).rejects.toMatchObject({
      code: 'executions.unavailable',
    });
    expect(await reconcile(ctx, ended)).toBe('agrees');
    await engine.advance(1_000);
    expect((await read()).tokens[0]?.wait?.task).toBeDefined();

    const again = await stop();
    await beginEpoch(ctx, await read());
    expect(await reconcile(ctx, again)).toBe('agrees');
    await engine.advance(1_000);
    expect((await read()).tokens[0]?.wait?.task).toBeDefined();
  });

  it('stays paused, and goes on when she is resumed', async () => {
    const { engine, ctx, instance, read, stop } = await waiting();
    await pause(ctx, { tenant, instance });
    expect(await reconcile(ctx, await stop())).toBe('taken_up');
    await engine.advance(1_000);
    expect((await read()).status).toBe('paused');
    await resume(ctx, { tenant, instance });
    await receiveEvent(ctx, { tenant, customer: 'c1', type: 'yes', id: 'e1' });
    await engine.advance(1_000);
    expect((await read()).status).toBe('completed');
  });

  it('fails, and is free to come again, when one execution after the other ends', async () => {
    const { engine, ctx, read, stop } = await waiting();
    for (let time = 0; time < 10; time++) {
      expect(await reconcile(ctx, await stop())).toBe('taken_up');
      await engine.advance(1_000);
    }
    expect(await reconcile(ctx, await stop())).toBe('failed');
    expect(await read()).toMatchObject({ status: 'failed', exitReason: 'execution_lost' });
    const again = await enrol(ctx, { tenant, journey: 'J', customer: 'c1' });
    expect(again.instance).not.toBe((await read()).id);
  });
});

describe('an execution that ended as it should', () => {
  it('changes nothing: completed, taken out, superseded, or of nobody', async () => {
    const { engine, ctx, instance, read } = await waiting();
    expect(await reconcile(ctx, { tenant, instance: 'nobody', epoch: 1 })).toBe('agrees');
    await cancel(ctx, { tenant, instance });
    const before = await read();
    expect(await reconcile(ctx, { tenant, instance, epoch: 1 })).toBe('agrees');
    expect(await read()).toEqual(before);
    expect(before.status).toBe('exited');

    const other = await enrol(ctx, { tenant, journey: 'J', customer: 'c2' });
    await engine.advance(hourMs);
    const at = { tenant, instance: other.instance };
    for (let epoch = 1; epoch < 3; epoch++) await beginEpoch(ctx, await readInstance(ctx, at));
    const later = await readInstance(ctx, at);
    expect(later.epoch).toBe(3);
    expect(await reconcile(ctx, { ...at, epoch: 1 })).toBe('agrees');
    expect(await readInstance(ctx, at)).toEqual(later);
  });
});
