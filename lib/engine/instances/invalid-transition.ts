/** How it is told that an instance cannot do what was asked in the status that it has (semantics 3.1). */
import { KalciferError } from '../../kalcifer-error.ts';
import type { Instance } from '../records/instance.ts';

/** @param done what was asked, as a participle: `cancelled` */
export function invalidTransition({ status }: Instance, done: string): KalciferError {
  return new KalciferError(
    'instance.invalid_transition',
    `The instance is ${status}: it cannot be ${done}.`,
    { data: { status } },
  );
}
