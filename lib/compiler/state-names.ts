/**
 * Names of states. A node's own state is named by its node id, so that the Step Functions console shows the journey as drawn;
 * the few other states carry a word in parentheses, which node ids cannot contain. State names are persistent data: running
 * executions hold them, so a changed name is a changed machine.
 */

import { atResumedWait } from '../nodes/machine-contract.ts';

/** Step Functions allows 80 characters in a state name; the longest suffix takes 12. */
export const nodeIdCharactersMax = 64;

export const stateName = {
  /** First state: goes to the node that the execution starts at. */
  start: '(start)',
  /** The instance has ended, moved to another epoch, or was never there: nothing is left to do. */
  stopped: '(stopped)',
  /** A function gave up: records that the instance failed. */
  failInstance: '(fail instance)',
  failed: '(failed)',
  /** A function threw: tells our own signals from what is broken. */
  thrown: '(thrown)',
  /** The instance is paused: the execution stays here until it is resumed. */
  paused: '(paused)',
  /** Follows a branching node: goes where the produced branch leads. */
  branch: (node: string): string => `${node} (branch)`,
  /** Computes how long a wait will last, before the customer is parked. */
  deadline: (node: string): string => `${node} (deadline)`,
  /** A wait's time is over: asks the table what the outcome is. */
  timedOut: (node: string): string => `${node} (timed out)`,
  /** The same wait, taken up again by a later execution for what remains of it. */
  resumed: atResumedWait,
} as const;

/** True for ids that can name a state: 1 to 64 characters, no parentheses, no control characters. */
export function canNameState(nodeId: string): boolean {
  return nodeId.length > 0 && nodeId.length <= nodeIdCharactersMax && !/[()\p{Cc}]/u.test(nodeId);
}
