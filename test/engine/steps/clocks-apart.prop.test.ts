import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enrol } from '../../../lib/engine/enrolment/enrol.ts';
import { readInstance } from '../../../lib/engine/instances/read-instance.ts';
import { publish } from '../../../lib/engine/journeys/publish.ts';
import { engineApart, type Distance } from '../../support/engine-apart.ts';
import { drawGraph } from '../../support/graphs.ts';
import { countScenario } from '../../support/scenario-count.ts';

const minuteMs = 60_000;
const start = Date.parse('2026-01-01T00:00:00Z');

const waits: Readonly<Record<string, readonly [string, Record<string, unknown>]>> = {
  fixed: ['wait', { duration: '1h' }],
  computed: ['wait_until', { datetime: '2026-01-01T01:00:00Z' }],
  event: ['wait_for_event', { event_type: 'never', timeout: '1h' }],
};

async function waiting(wait: string, distance: Distance) {
  const engine = engineApart(distance);
  const [type = '', config = {}] = waits[wait] ?? [];
  const branches =
    wait === 'event' ? ['w -> out [event_received]', 'w -> out [timed_out]'] : ['w -> out'];
  const graph = drawGraph(
    { in: ['event_entry', { event_type: 'go' }], w: [type, config], out: ['exit'] },
    ['in -> w', ...branches],
  );
  const J = { tenant: 'T1', journey: 'J' };
  await publish(engine.ctx, { ...J, graph });
  const { instance } = await enrol(engine.ctx, { ...J, customer: 'c1' });
  return { engine, read: () => readInstance(engine.ctx, { tenant: 'T1', instance }) };
}

describe('a wait whose functions are late and have another clock', () => {
  it('that times out before its deadline is asked for again, by the same execution', async () => {
    const { engine, read } = await waiting('fixed', { startMs: { run_node: 4_000 } });
    await engine.advance(60 * minuteMs);
    const [token] = (await read()).tokens;
    // The function of the wait began four seconds after its task.
    expect(token?.wait?.deadline).toBe(start + 60 * minuteMs + 8_000);
    await engine.advance(minuteMs);
    const { status, epoch, completedAt = 0 } = await read();
    expect({ status, epoch }).toEqual({ status: 'completed', epoch: 1 });
    expect(completedAt).toBeGreaterThanOrEqual(start + 60 * minuteMs + 8_000);
    expect(engine.calls.filter(({ verb }) => verb === 'resolve_wait').length).toBeGreaterThan(1);
  });

  it('for every distance up to five seconds, ends once, not before its deadline and soon after', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(waits)),
        fc.integer({ min: -5_000, max: 5_000 }),
        fc.record({
          run_node: fc.integer({ min: 0, max: 5_000 }),
          resolve_wait: fc.integer({ min: 0, max: 5_000 }),
        }),
        fc.integer({ min: 1, max: 1_000 }),
        async (wait, aheadMs, startMs, seed) => {
          const { engine, read } = await waiting(wait, { aheadMs, startMs, seed });
          await engine.advance(minuteMs);
          const deadline = (await read()).tokens[0]?.wait?.deadline ?? 0;
          expect(deadline).toBeGreaterThan(start + 59 * minuteMs);
          await engine.advance(62 * minuteMs);
          const { status, epoch, completedAt = 0 } = await read();
          expect({ status, epoch }).toEqual({ status: 'completed', epoch: 1 });
          expect(completedAt).toBeGreaterThanOrEqual(deadline);
          expect(completedAt - deadline).toBeLessThan(minuteMs);
          countScenario('waits end on time with clocks apart', { wait, aheadMs, startMs, seed });
        },
      ),
      { numRuns: 60 },
    );
  });
});
