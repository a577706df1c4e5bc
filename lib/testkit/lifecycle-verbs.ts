/** The test kit's verbs that stop, go on and end: for one instance, whose id is enough, and for a whole journey. */
import { cancel } from '../engine/instances/cancel.ts';
import { archiveJourney, pauseJourney, resumeJourney } from '../engine/journeys/change-journey.ts';
import type { EngineContext } from '../engine/engine-context.ts';
import { pause } from '../engine/instances/pause.ts';
import { resume } from '../engine/instances/resume.ts';
import type { Testkit } from './testkit-interface.ts';

export type LifecycleVerbs = Pick<
  Testkit,
  'pause' | 'resume' | 'cancel' | 'pauseJourney' | 'resumeJourney' | 'archiveJourney'
>;

/** Runs work in the process under test; rejects when that dies. */
type Call = <Answer>(work: (ctx: EngineContext) => Promise<Answer>) => Promise<Answer>;

export function lifecycleVerbs(
  call: Call,
  find: (instance: string) => Promise<{ readonly tenant: string }>,
): LifecycleVerbs {
  const onInstance =
    (verb: typeof cancel) =>
    (id: string): Promise<void> =>
      call(async (ctx) => {
        const { tenant } = await find(id);
        await verb(ctx, { tenant, instance: id });
      });
  const onJourney =
    (verb: typeof pauseJourney) =>
    (of: Parameters<typeof pauseJourney>[1]): Promise<void> =>
      call(async (ctx) => {
        await verb(ctx, of);
      });
  return {
    pause: onInstance(pause),
    resume: onInstance(resume),
    cancel: onInstance(cancel),
    pauseJourney: onJourney(pauseJourney),
    resumeJourney: onJourney(resumeJourney),
    archiveJourney: (of) =>
      call(async (ctx) => {
        const { exited } = await archiveJourney(ctx, of);
        return { exited };
      }),
  };
}
