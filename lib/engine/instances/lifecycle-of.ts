/**
 * The instance as the table of states sees it (semantics 3.1): its status and, when it is paused, the one before. Enrolling starts
 * an instance: one whose entry has not been run yet can be paused as one that runs.
 */
import type { LifecycleState } from '../../journey/lifecycle.ts';
import type { Instance } from '../records/instance.ts';

export function lifecycleOf({ status, pause }: Pick<Instance, 'status' | 'pause'>): LifecycleState {
  if (status === 'pending') return { status: 'running' };
  if (status !== 'paused') return { status };
  return { status, before: pause?.from === 'waiting' ? 'waiting' : 'running' };
}
