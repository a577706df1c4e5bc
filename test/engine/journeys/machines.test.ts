import { describe, expect, it } from 'vitest';
import type { EngineContext } from '../../../lib/engine/engine-context.ts';
import { publish } from '../../../lib/engine/journeys/publish.ts';
import { readMachineArn } from '../../../lib/engine/journeys/read-machine.ts';
import { keys } from '../../../lib/engine/records/keys.ts';
import { KalciferError } from '../../../lib/kalcifer-error.ts';
import type { Machines } from '../../../lib/ports/machines.ts';
import { apiHarness, type ApiHarness } from '../../support/api-harness.ts';
import { simpleJourney, waitJourney } from '../../support/graphs.ts';

const J = { tenant: 'T1', journey: 'J' };

type Made = Parameters<Machines['create']>[0];

/** Where state machines are made, as Step Functions would. */
async function withMachines(
  fail?: Error,
): Promise<{ h: ApiHarness; ctx: EngineContext; made: Made[] }> {
  const h = await apiHarness();
  const made: Made[] = [];
  const machines: Machines = {
    create: (request) => {
      if (fail !== undefined) return Promise.reject(fail);
      made.push(request);
      const { journey, version } = request.machine;
      return Promise.resolve(
        `arn:aws:states:us-east-1:123456789012:stateMachine:${journey}-${version}`,
      );
    },
  };
  return { h, ctx: { ...h.ctx, machines }, made };
}

describe('publishing where Step Functions runs the machines', () => {
  it('makes the machine first, and keeps its ARN and not its text', async () => {
    const { h, ctx, made } = await withMachines();
    await publish(ctx, { ...J, graph: waitJourney() });
    expect(made).toEqual([
      {
        machine: { ...J, version: 1 },
        definition: expect.objectContaining({ Comment: 'J v1', StartAt: '(start)' }) as object,
      },
    ]);
    expect(await h.table.get(keys.machine('T1', 'J', 1))).toEqual({
      ...keys.machine('T1', 'J', 1),
      arn: 'arn:aws:states:us-east-1:123456789012:stateMachine:J-1',
    });
    await expect(readMachineArn(ctx, { ...J, version: 1 })).resolves.toMatch(/:J-1$/);
  });

  it('still tells the text, compiled from the graph', async () => {
    const { h, ctx } = await withMachines();
    await publish(ctx, { ...J, graph: waitJourney() });
    await publish(h.ctx, { tenant: 'T1', journey: 'K', graph: waitJourney() });
    const textOf = async (journey: string): Promise<object> =>
      (await h.call('GET', `/v1/journeys/${journey}/versions/1/state-machine`)).body as object;
    expect(await textOf('J')).toEqual({ ...(await textOf('K')), Comment: 'J v1' });
  });

  it('publishes nothing when the machine cannot be made', async () => {
    const away = new KalciferError('executions.unavailable', 'Step Functions is away.');
    const { h, ctx } = await withMachines(away);
    await expect(publish(ctx, { ...J, graph: waitJourney() })).rejects.toBe(away);
    expect((await h.call('GET', '/v1/journeys/J')).status).toBe(404);
  });

  it('makes no machine of a graph that is refused', async () => {
    const { ctx, made } = await withMachines();
    const graph = { ...simpleJourney(), edges: [] };
    await expect(publish(ctx, { ...J, graph })).rejects.toMatchObject({ code: 'journey.invalid' });
    expect(made).toEqual([]);
  });

  it('makes another machine under the next number when somebody else was quicker', async () => {
    const { ctx, made } = await withMachines();
    await Promise.all([
      publish(ctx, { ...J, graph: waitJourney() }),
      publish(ctx, { ...J, graph: simpleJourney() }),
    ]);
    for (const version of [1, 2]) {
      await expect(readMachineArn(ctx, { ...J, version })).resolves.toMatch(`:J-${version}`);
    }
    expect(made.length).toBeGreaterThanOrEqual(2);
  });
});

describe('the ARN of a machine', () => {
  it('is unknown for a version that was never published', async () => {
    const { ctx } = await withMachines();
    await expect(readMachineArn(ctx, { ...J, version: 1 })).rejects.toMatchObject({
      code: 'journey.version_unknown',
    });
  });

  it('is missing where the table keeps the machines', async () => {
    const { ctx } = await apiHarness();
    await publish(ctx, { ...J, graph: waitJourney() });
    await expect(readMachineArn(ctx, { ...J, version: 1 })).rejects.toMatchObject({
      code: 'journey.not_deployed',
    });
  });
});
