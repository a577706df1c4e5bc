/** The instance as the table of states sees it (semantics 3.1): its status and, when it is paused, the one before. */
import type { LifecycleState } from '../journey/lifecycle.ts';
import type { Instance } from './records/instance.ts';

export function lifecycleOf({ status, pause }: Pick<Instance, 'status' | 'pause'>): LifecycleState {
  return status === 'paused' ? { status, before: pause?.from ?? 'running' } : { status };
}
