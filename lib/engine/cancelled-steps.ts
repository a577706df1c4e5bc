/** Steps that end because their instance ends: those that are parked. One that is sending is recorded when its provider answers. */
import type { Instance } from './records/instance.ts';
import type { Step } from './records/step.ts';

/** @param now epoch milliseconds */
export function cancelledSteps(instance: Instance, now: number): readonly Step[] {
  return instance.tokens.flatMap(({ node, wait }) =>
    wait === undefined
      ? []
      : [
          {
            tenant: instance.tenant,
            instance: instance.id,
            node,
            version: instance.version,
            status: 'cancelled' as const,
            startedAt: wait.since,
            endedAt: now,
          },
        ],
  );
}
