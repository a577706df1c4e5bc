/** Does one thing to every live instance of a journey: pausing them all, resuming them all, taking them all out. */
import { isKalciferError } from '../../kalcifer-error.ts';
import type { EngineContext } from '../engine-context.ts';
import { allJourneyInstances } from './list-instances.ts';
import { readJourney } from '../journeys/journeys.ts';
import { pause } from './pause.ts';
import { isTerminal, type Instance } from '../records/instance.ts';
import { resume } from './resume.ts';

export interface Changed {
  readonly changed: number;
  /** Live instances that could not be changed: they were as wanted already, or ended meanwhile. */
  readonly skipped: number;
}

interface Of {
  readonly tenant: string;
  readonly journey: string;
}

/** As `pause`, for every live instance; the journey itself goes on. @throws KalciferError `journey.unknown` */
export function pauseInstances(ctx: EngineContext, of: Of): Promise<Changed> {
  return changeLiveInstances(ctx, of, ifPossible(ctx, pause));
}

/** As `resume`, for every live instance. @throws KalciferError `journey.unknown` */
export function resumeInstances(ctx: EngineContext, of: Of): Promise<Changed> {
  return changeLiveInstances(ctx, of, ifPossible(ctx, resume));
}

const atOnceMax = 50;

/**
 * Each instance is changed on its own, so doing it again after a death half-way finishes it.
 *
 * @param change answers whether it changed the instance
 * @throws KalciferError `journey.unknown`
 */
export async function changeLiveInstances(
  ctx: EngineContext,
  of: Of,
  change: (instance: Instance) => Promise<boolean>,
): Promise<Changed> {
  await readJourney(ctx, of);
  const counts = { changed: 0, skipped: 0 };
  let batch: Instance[] = [];
  const carryOut = async (): Promise<void> => {
    for (const changed of await Promise.all(batch.map(change))) {
      counts[changed ? 'changed' : 'skipped'] += 1;
    }
    batch = [];
  };
  for await (const instance of allJourneyInstances(ctx, of)) {
    if (isTerminal(instance)) continue;
    batch.push(instance);
    if (batch.length === atOnceMax) await carryOut();
  }
  await carryOut();
  return counts;
}

function ifPossible(
  ctx: EngineContext,
  command: typeof pause,
): (instance: Instance) => Promise<boolean> {
  return async ({ tenant, id }) => {
    try {
      await command(ctx, { tenant, instance: id });
      return true;
    } catch (error) {
      if (isKalciferError(error, 'instance.invalid_transition')) return false;
      throw error;
    }
  };
}
