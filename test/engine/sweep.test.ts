/** The sweeper where executions are started from a queue: whoever stands in line is not put there again and again. */
import { describe, expect, it } from 'vitest';
import { enrol } from '../../lib/engine/enrolment/enrol.ts';
import { engineContext, type EngineContext } from '../../lib/engine/engine-context.ts';
import { publish } from '../../lib/engine/journeys/publish.ts';
import { promisesPk, promiseShards } from '../../lib/engine/records/keys.ts';
import { sweep } from '../../lib/engine/sweep.ts';
import { apiHarness } from '../support/api-harness.ts';
import { waitJourney } from '../support/graphs.ts';

const minute = 60_000;

/** One customer is enrolled, and her start lies in a queue that nobody reads. */
async function inLine(): Promise<{
  ctx: EngineContext;
  starts: string[];
  readonly advance: (ms: number) => void;
}> {
  const { ctx: embedded, clock } = await apiHarness();
  const { nodeTypes, compile, templatesMustExist } = embedded;
  const starts: string[] = [];
  const ctx = engineContext(
    {
      ...embedded,
      executions: {
        ...embedded.executions,
        start: ({ name }) => {
          starts.push(name);
          return Promise.resolve('started');
        },
      },
    },
    { nodeTypes, compile, templatesMustExist },
  );
  await publish(ctx, { tenant: 'T1', journey: 'J', graph: waitJourney() });
  await enrol(ctx, { tenant: 'T1', journey: 'J', customer: 'c1' });
  return { ctx, starts, advance: (ms) => clock.moveTo(clock.now() + ms) };
}

async function promises(ctx: EngineContext): Promise<number> {
  const pages = await Promise.all(
    Array.from({ length: promiseShards }, (_, shard) =>
      ctx.table.query({ pk: promisesPk('T1', shard), limit: 10 }),
    ),
  );
  return pages.flatMap(({ items }) => items).length;
}

describe('a start that was promised', () => {
  it('is left in line until its time, and then asked for once per that time', async () => {
    const { ctx, starts, advance } = await inLine();
    const looks: number[] = [];
    for (let minutes = 1; minutes <= 25; minutes++) {
      advance(minute);
      const { started } = await sweep(ctx, {
        olderThanMs: minute / 2,
        startsOlderThanMs: 10 * minute,
      });
      if (started > 0) looks.push(minutes);
    }
    expect(looks).toEqual([10, 20]);
    expect(starts).toHaveLength(3);
    expect(new Set(starts).size).toBe(1);
    expect(await promises(ctx)).toBe(1);
  });

  it('is kept at once after a restart', async () => {
    const { ctx, starts } = await inLine();
    expect(await sweep(ctx, { olderThanMs: 0 })).toMatchObject({ started: 1 });
    expect(starts).toHaveLength(2);
  });
});
