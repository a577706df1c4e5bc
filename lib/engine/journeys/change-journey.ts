/**
 * Pauses, resumes, archives and deletes journeys (semantics 3.2). A journey that is not active takes nobody in; whoever is in it
 * goes on, unless archiving is told to take them out.
 */
import { journeyAfter, type JourneyCommand } from '../../journey/journey-lifecycle.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import type { Write } from '../../ports/table.ts';
import type { EngineContext } from '../engine-context.ts';
import { exitInstance } from '../instances/exit-instance.ts';
import { forgetFollowedSegments } from '../segments/followed-segments.ts';
import { changeLiveInstances } from '../instances/change-instances.ts';
import { lookAgain } from '../look-again.ts';
import { readJourney } from './journeys.ts';
import { entriesOfActiveVersion } from './active-version.ts';
import { entryItem } from '../records/entry.ts';
import { journeyItem, type Journey } from '../records/journey.ts';
import { keys } from '../records/keys.ts';

interface Of {
  readonly tenant: string;
  readonly journey: string;
}

/** Stops entries: events and segments pass the journey over, enrolments are refused. @throws as `changeStatus` */
export function pauseJourney(ctx: EngineContext, of: Of): Promise<Journey> {
  return changeStatus(ctx, of, 'pause');
}

/** Opens the journey again, on the version that was active. @throws as `changeStatus` */
export function resumeJourney(ctx: EngineContext, of: Of): Promise<Journey> {
  return changeStatus(ctx, of, 'resume');
}

export interface Archived {
  readonly journey: Journey;
  /** Instances that were taken out with `journey_archived`. */
  readonly exited: number;
}

/**
 * Closes a journey for good. Whoever is in it goes on to the end, unless `exitInstances` takes them out; that may be asked again
 * later, and after a death half-way.
 *
 * @throws as `changeStatus`
 */
export async function archiveJourney(
  ctx: EngineContext,
  of: Of & { readonly exitInstances?: boolean },
): Promise<Archived> {
  const { exitInstances = false } = of;
  const before = await readJourney(ctx, of);
  const journey =
    exitInstances && before.status === 'archived' ? before : await changeStatus(ctx, of, 'archive');
  if (!exitInstances) return { journey, exited: 0 };
  const { changed } = await changeLiveInstances(ctx, of, async (instance) => {
    const exit = { reason: 'journey_archived', note: 'the journey was archived' };
    return (await exitInstance(ctx, instance, () => exit)) !== 'stays';
  });
  return { journey, exited: changed };
}

/** Deletes a journey that was never published, with its draft. @throws as `changeStatus` */
export async function deleteJourney(ctx: EngineContext, of: Of): Promise<Journey> {
  return lookAgain(async () => {
    const before = await readJourney(ctx, of);
    after(before, 'delete');
    const { tenant, id, latestVersion, revision } = before;
    const answer = await ctx.table.write({
      name: 'journey.delete',
      writes: [
        { delete: keys.journey(tenant, id), if: { revision } },
        { delete: keys.version(tenant, id, latestVersion) },
      ],
    });
    return answer.done ? before : 'conflict';
  });
}

/**
 * @throws KalciferError `journey.unknown`, or `journey.invalid_transition` when its status does not know the command; nothing is
 *   changed then
 */
async function changeStatus(
  ctx: EngineContext,
  of: Of,
  command: 'pause' | 'resume' | 'archive',
): Promise<Journey> {
  const journey = await lookAgain(async () => {
    const before = await readJourney(ctx, of);
    const status = after(before, command) as Journey['status'];
    const changed: Journey = { ...before, status, revision: before.revision + 1 };
    const answer = await ctx.table.write({
      name: 'journey.change',
      writes: [
        { put: journeyItem(changed), if: { revision: before.revision } },
        ...(await entryWrites(ctx, changed)),
      ],
    });
    return answer.done ? changed : 'conflict';
  });
  forgetFollowedSegments(ctx, of.tenant);
  return journey;
}

/** Entry rows exist for the active version of an active journey, and for nothing else. */
async function entryWrites(ctx: EngineContext, journey: Journey): Promise<readonly Write[]> {
  const entries = await entriesOfActiveVersion(ctx, journey);
  return entries.map((entry): Write =>
    journey.status === 'active'
      ? { put: entryItem(journey.tenant, entry) }
      : { delete: keys.entry(journey.tenant, entry) },
  );
}

const done: Readonly<Record<JourneyCommand, string>> = {
  pause: 'paused',
  resume: 'resumed',
  archive: 'archived',
  delete: 'deleted',
};

function after({ id, status }: Journey, command: JourneyCommand): Journey['status'] | 'deleted' {
  const to = journeyAfter(status, command);
  if (to !== undefined) return to;
  throw new KalciferError(
    'journey.invalid_transition',
    `Journey "${id}" is ${status}: it cannot be ${done[command]}.`,
    { data: { status } },
  );
}
