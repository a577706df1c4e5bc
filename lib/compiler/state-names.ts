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
  /** A fork: goes into its parallel branches. */
  fork: (node: string): string => `${node} (fork)`,
  parallel: (node: string): string => `${node} (parallel)`,
  /** First state of a parallel branch: at its beginning, or where an earlier execution left it. */
  way: (node: string): string => `${node} (way)`,
  /** Looks for the customer in the branches of this fork. */
  search: (node: string): string => `${node} (search)`,
  /** Waits until nobody else can come to a join, while customers wait elsewhere in the branches. */
  join: (node: string): string => `${node} (join)`,
  /** Follows it: runs the join, or is over. */
  joins: (node: string): string => `${node} (joins)`,
  /** The pause gate of a branch, and where it leads back to the node. */
  pausedIn: (node: string): string => `${node} (paused)`,
  goOn: (node: string): string => `${node} (go on)`,
  /** Follows the branches: goes to where they join, if any of them came so far. */
  joined: (node: string): string => `${node} (joined)`,
  /** The branches are over, and nothing follows. */
  over: (node: string): string => `${node} (over)`,
  /** A branch has come to where it joins others. */
  arrived: (node: string): string => `${node} (arrived)`,
  /** A branch inside of branches has come to where the outer ones join. */
  reached: (node: string): string => `${node} (reached)`,
  /** Goes to a node that stands inside of parallel branches, from outside of them. */
  enter: (node: string): string => `${node} (enter)`,
  /** An end inside of parallel branches: cuts the others off. */
  ended: (node: string): string => `${node} (ended)`,
} as const;

/** `a (branch)` -> `a (branch 2)`, `a` -> `a (2)` */
export function numbered(name: string, count: number): string {
  if (count === 1) return name;
  return name.endsWith(')') ? `${name.slice(0, -1)} ${count})` : `${name} (${count})`;
}

/** True for ids that can name a state: 1 to 64 characters, no parentheses, no control characters. */
export function canNameState(nodeId: string): boolean {
  return nodeId.length > 0 && nodeId.length <= nodeIdCharactersMax && !/[()\p{Cc}]/u.test(nodeId);
}
