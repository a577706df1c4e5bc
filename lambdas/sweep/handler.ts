/** Keeps what was promised and not done, and runs the schedules that are due: every minute. Runs may overlap. */
import type { Context } from 'aws-lambda';
import type { EngineContext } from '../../lib/engine/engine-context.ts';
import { runSchedules } from '../../lib/engine/segments/run-schedules.ts';
import { sweep, type Swept } from '../../lib/engine/sweep.ts';
import { metric } from '../../lib/metric.ts';
import { door, type Handler } from '../_shared/door.ts';
import { engine } from '../_shared/engine.ts';
import { count } from '../_shared/metrics.ts';
import { namedError } from '../_shared/named-error.ts';
import { queuedStarts } from '../_shared/queued-starts.ts';
import { input } from './input.ts';

/** How many promises of which kind were kept. */
type Answer = Omit<Swept, 'failures'>;

export const handler = sweepAll(engine(queuedStarts));

export function sweepAll(ctx: () => EngineContext): Handler<Answer> {
  return door({
    input,
    work: async (_input, context) => {
      const hasTime = timeLeft(context);
      // Beside each other, so that neither waits until the other has nothing left to do.
      const [swept, schedules] = await Promise.allSettled([
        sweep(ctx(), { startsOlderThanMs, hasTime }),
        runSchedules(ctx(), hasTime),
      ]);
      if (swept.status === 'rejected') throw swept.reason;
      const { failures, ...counts } = swept.value;
      count({
        [metric.stuckInstances]: counts.overdue,
        [metric.promisesKept]: counts.admitted + counts.started + counts.answered + counts.stopped,
      });
      for (const failure of failures) namedError(failure);
      if (schedules.status === 'rejected') throw schedules.reason;
      return counts;
    },
  });
}

/** Most lines are shorter: who is in the entry queue is put there again only after that, and counts as stuck then. */
const startsOlderThanMs = 30 * 60_000;

/** For one promise, or one page of profiles, that is begun at the last moment. */
const reserveMs = 20_000;

function timeLeft(context: Context): () => boolean {
  return () => context.getRemainingTimeInMillis() > reserveMs;
}
