import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sweepAll } from '../../lambdas/sweep/handler.ts';
import { enrol } from '../../lib/engine/enrolment/enrol.ts';
import { engineContext, type EngineContext } from '../../lib/engine/engine-context.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { waitJourney } from '../support/graphs.ts';
import { call, lambdaContext, watchLog } from '../support/lambda.ts';
import { countScenario } from '../support/scenario-count.ts';

const minute = 60_000;

interface Line {
  readonly h: ApiHarness;
  readonly ctx: EngineContext;
  readonly starts: string[];
  readonly later: (ms: number) => void;
}

/** Customers are enrolled, and what their executions are started with, nobody reads. */
async function inLine(
  customers: readonly string[],
  start: (name: string) => Promise<'started'> = () => Promise.resolve('started'),
): Promise<Line> {
  const h = await apiHarness();
  const starts: string[] = [];
  const { nodeTypes, compile, templatesMustExist } = h.ctx;
  const ctx = engineContext(
    {
      ...h.ctx,
      executions: {
        ...h.ctx.executions,
        start: ({ name }) => {
          starts.push(name);
          return start(name);
        },
      },
    },
    { nodeTypes, compile, templatesMustExist },
  );
  await h.call('POST', '/v1/journeys/J/publish', { graph: waitJourney() });
  for (const customer of customers) await enrol(ctx, { tenant: 'T1', journey: 'J', customer });
  return { h, ctx, starts, later: (ms) => h.clock.moveTo(h.clock.now() + ms) };
}

const nothing = {
  admitted: 0,
  started: 0,
  answered: 0,
  stopped: 0,
  looked: 0,
  overdue: 0,
  failed: 0,
};

describe('sweep', () => {
  it('leaves who is in line in line, then asks again, and counts those as stuck', async () => {
    const { ctx, starts, later } = await inLine(['c1']);
    const log = watchLog();
    const handler = sweepAll(() => ctx);
    later(20 * minute);
    expect(await call(handler, {})).toEqual({ answer: nothing });
    later(11 * minute);
    expect(await call(handler, {})).toEqual({ answer: { ...nothing, started: 1, overdue: 1 } });
    expect(starts).toHaveLength(2);
    expect(new Set(starts).size).toBe(1);
    expect(log.counts()).toEqual([
      { StuckInstances: 0, PromisesKept: 0 },
      { StuckInstances: 1, PromisesKept: 1 },
    ]);
  });

  it('keeps the other promises when one cannot be kept', async () => {
    let refused = '';
    const { ctx, starts, later } = await inLine(['c1', 'c2', 'c3'], (name) =>
      name === refused
        ? Promise.reject(new KalciferError('journey.version_unknown', 'There is no version 1.'))
        : Promise.resolve('started'),
    );
    refused = starts[0] ?? '';
    const log = watchLog();
    later(31 * minute);
    expect(
      await call(
        sweepAll(() => ctx),
        {},
      ),
    ).toEqual({
      answer: { ...nothing, started: 2, failed: 1, overdue: 3 },
    });
    expect(log.lines()).toMatchObject([{ level: 'ERROR', code: 'journey.version_unknown' }]);
  });

  it('does not count a customer as stuck whose instance is paused', async () => {
    const { h, ctx, later } = await inLine(['c1']);
    const { body } = await h.call('GET', '/v1/journeys/J/instances');
    await h.call('POST', `/v1/instances/${body.instances[0].id}/pause`);
    later(31 * minute);
    watchLog();
    expect(
      await call(
        sweepAll(() => ctx),
        {},
      ),
    ).toMatchObject({ answer: { overdue: 0 } });
  });

  it('begins nothing more when its time is nearly over', async () => {
    const { ctx, starts, later } = await inLine(['c1']);
    later(31 * minute);
    watchLog();
    const context = lambdaContext(19_000);
    expect(
      await call(
        sweepAll(() => ctx),
        {},
        context,
      ),
    ).toEqual({ answer: nothing });
    expect(starts).toHaveLength(1);
  });

  it('says so when the table is away', async () => {
    const { h, ctx } = await inLine(['c1']);
    watchLog();
    h.table.failWith(new KalciferError('table.unavailable', 'The table throttles.'));
    expect(
      await call(
        sweepAll(() => ctx),
        {},
      ),
    ).toMatchObject({
      error: { name: 'table.unavailable' },
    });
  });

  it('does not look at what the schedule sends', async () => {
    const { ctx } = await inLine([]);
    watchLog();
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (event) => {
        expect(
          await call(
            sweepAll(() => ctx),
            event,
          ),
        ).toEqual({ answer: nothing });
        countScenario('any JSON gives an answer or one of our codes', { name: 'sweep', event });
      }),
      { numRuns: 30 },
    );
  });
});
