/** What the engine is told when a call about executions fails: to try again, or that it never will succeed as things are. */
import { KalciferError } from '../../kalcifer-error.ts';
import type { AwsFailure } from './aws-failure.ts';

/** The SDK's error is not passed on, not even as a cause: logs print causes, and its words may hold a token. */
export function executionsError(action: string, { kind, what }: AwsFailure): KalciferError {
  switch (kind) {
    case 'refused':
      return new KalciferError('executions.refused', `AWS refuses ${action} (${what}).`);
    case 'unsent':
      return new KalciferError(
        'executions.refused',
        `${action} cannot be called (${what}): set AWS_REGION, and give credentials.`,
      );
    case 'busy':
    case 'broken':
    case 'silent':
    case 'unreached':
      return unavailable(action, what);
  }
}

/** For what AWS refuses now and will not refuse for ever. */
export function unavailable(action: string, what: string): KalciferError {
  return new KalciferError(
    'executions.unavailable',
    `AWS did not do ${action} (${what}); the call may be tried again.`,
  );
}
