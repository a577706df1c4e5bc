/**
 * One node -> its states. A plain node is one task; a branching node a task and a choice; a wait a parked task, the task that
 * resolves its timeout, and what is needed to take it up again in a later execution.
 */
import { parkedSeconds } from '../nodes/machine-contract.ts';
import type { Parking } from '../nodes/node-type.ts';
import { catchTask, catchWait, retryTask, retryWait } from './error-policy.ts';
import { placeholder, type NodeFunction } from './node-functions.ts';
import type { ChoiceState, State, TaskState } from './state-machine.ts';
import { stateName } from './state-names.ts';
import { deadlinePayload, nodePayload, parkingPayload } from './task-payload.ts';

/** A node as the compiler sees it: what runs it and where its edges lead. */
export interface NodePlan {
  readonly id: string;
  readonly type: string;
  readonly run: NodeFunction;
  readonly parking?: Parking;
  /** Where the node leads: nowhere (a leaf or an end node), to one node, or by branch. */
  readonly leads:
    | { readonly kind: 'nowhere' }
    | { readonly kind: 'to'; readonly node: string }
    | { readonly kind: 'by_branch'; readonly targets: ReadonlyMap<string, string> };
}

type States = Record<string, State>;

/**
 * States of one node, in the order in which they run.
 *
 * @param firstStateOf the state in which a node begins (a computed wait begins by computing its deadline)
 */
export function nodeStates(plan: NodePlan, firstStateOf: (node: string) => string): States {
  const after = nextOf(plan, firstStateOf);
  const states =
    plan.parking === undefined
      ? runningStates(plan, after)
      : parkingStates(plan, plan.parking, after);
  return plan.leads.kind === 'by_branch'
    ? { ...states, [stateName.branch(plan.id)]: branchChoice(plan.leads.targets, firstStateOf) }
    : states;
}

/** The state in which a node begins. */
export function firstState(plan: NodePlan): string {
  return plan.parking?.kind === 'computed' ? stateName.deadline(plan.id) : plan.id;
}

type After = { readonly Next: string } | { readonly End: true };

function nextOf(plan: NodePlan, firstStateOf: (node: string) => string): After {
  switch (plan.leads.kind) {
    case 'nowhere':
      return { End: true };
    case 'to':
      return { Next: firstStateOf(plan.leads.node) };
    case 'by_branch':
      return { Next: stateName.branch(plan.id) };
  }
}

function runningStates(plan: NodePlan, after: After): States {
  return {
    [plan.id]: {
      Type: 'Task',
      Comment: plan.type,
      ...invoke(plan.run, nodePayload(plan.id)),
      ...keepBranch(plan),
      Retry: retryTask(),
      Catch: catchTask(),
      ...after,
    },
  };
}

function parkingStates(plan: NodePlan, parking: Parking, after: After): States {
  const parked = (
    timeout: Pick<TaskState, 'TimeoutSeconds' | 'TimeoutSecondsPath'>,
  ): TaskState => ({
    Type: 'Task',
    Comment: plan.type,
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: { FunctionName: placeholder(plan.run), Payload: parkingPayload(plan.id) },
    ResultPath: plan.leads.kind === 'by_branch' ? '$.step' : null,
    ...timeout,
    Retry: retryWait(),
    Catch: catchWait(stateName.timedOut(plan.id)),
    ...after,
  });
  const resumed = parked({ TimeoutSecondsPath: '$.step.seconds' });
  const resolved: States = { [stateName.timedOut(plan.id)]: resolveState(plan, after) };
  switch (parking.kind) {
    case 'fixed':
      return {
        [plan.id]: parked({ TimeoutSeconds: parkedSeconds(parking.durationMs) }),
        ...resolved,
        [stateName.resumed(plan.id)]: resumed,
      };
    case 'computed':
      return {
        [stateName.deadline(plan.id)]: deadlineState(plan),
        [plan.id]: resumed,
        ...resolved,
      };
  }
}

function deadlineState(plan: NodePlan): TaskState {
  return {
    Type: 'Task',
    ...invoke(plan.run, deadlinePayload(plan.id)),
    ResultSelector: { 'seconds.$': '$.Payload.seconds' },
    ResultPath: '$.step',
    Retry: retryTask(),
    Catch: catchTask(),
    Next: plan.id,
  };
}

function resolveState(plan: NodePlan, after: After): TaskState {
  return {
    Type: 'Task',
    ...invoke('ResolveWaitFunction', nodePayload(plan.id)),
    ...keepBranch(plan),
    Retry: retryTask(),
    Catch: catchTask(),
    ...after,
  };
}

function invoke(
  run: NodeFunction,
  payload: TaskState['Parameters'],
): Pick<TaskState, 'Resource' | 'Parameters'> {
  return {
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: placeholder(run), Payload: payload },
  };
}

/** Only the produced branch enters the state payload; the node's result stays in the table. */
function keepBranch(plan: NodePlan): Pick<TaskState, 'ResultSelector' | 'ResultPath'> {
  return plan.leads.kind === 'by_branch'
    ? { ResultSelector: { 'branch.$': '$.Payload.branch' }, ResultPath: '$.step' }
    : { ResultPath: null };
}

function branchChoice(
  targets: ReadonlyMap<string, string>,
  firstStateOf: (node: string) => string,
): ChoiceState {
  return {
    Type: 'Choice',
    Choices: [...targets].map(([branch, target]) => ({
      Variable: '$.step.branch',
      StringEquals: branch,
      Next: firstStateOf(target),
    })),
    Default: stateName.failed,
  };
}
