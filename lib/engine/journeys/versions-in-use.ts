/** Counts who is in the versions of journeys: one whose machine is about to go must have nobody in it. */
import type { Problem } from '../../kalcifer-error.ts';
import type { MachineRef } from '../../ports/executions.ts';
import type { EngineContext } from '../engine-context.ts';
import { allJourneyInstances } from '../instances/list-instances.ts';
import { isTerminal } from '../records/instance.ts';

export type VersionName = Omit<MachineRef, 'tenant'>;

export interface Count {
  readonly live: number;
  readonly ended: number;
}

/** By version, those that somebody is or was in. Every instance of the journeys is looked at: a million take about a minute. */
export async function countInstances(
  ctx: EngineContext,
  tenant: string,
  versions: readonly VersionName[],
): Promise<ReadonlyMap<string, Count>> {
  const counts = new Map<string, Count>();
  for (const journey of new Set(versions.map((version) => version.journey))) {
    for await (const instance of allJourneyInstances(ctx, { tenant, journey })) {
      const key = nameOf(instance);
      const { live, ended } = counts.get(key) ?? { live: 0, ended: 0 };
      counts.set(
        key,
        isTerminal(instance) ? { live, ended: ended + 1 } : { live: live + 1, ended },
      );
    }
  }
  return counts;
}

export function versionsInUse(
  tenant: string,
  versions: readonly VersionName[],
  counts: ReadonlyMap<string, Count>,
): readonly Problem[] {
  return versions.flatMap((version): Problem[] => {
    const live = counts.get(nameOf(version))?.live ?? 0;
    if (live === 0) return [];
    const instances = live === 1 ? 'a live instance' : `${live} live instances`;
    return [
      {
        code: 'journey.version_in_use',
        message: `${nameOf(version)} of tenant "${tenant}" is deployed no more, but has ${instances}`,
        hint: 'Put its file back, or deploy again when they have ended or are cancelled.',
      },
    ];
  });
}

export function nameOf({ journey, version }: VersionName): string {
  return `${journey} v${version}`;
}
