/**
 * One node -> its states. A plain node is one task; a branching node a task and a choice; a wait a parked task, the task that
 * resolves its timeout, and what is needed to take it up again in a later execution.
 */
import type { Fork } from '../journey/forks.ts';
import { parkedSeconds } from '../nodes/machine-contract.ts';
import type { Parking } from '../nodes/node-type.ts';
import { catchPause, catchTask, catchTimeout, retryTask, retryWait } from './error-policy.ts';
import { placeholder, type NodeFunction } from './node-functions.ts';
import type { Catcher, ChoiceState, State, States, TaskState } from './state-machine.ts';
import { stateName } from './state-names.ts';
import {
  deadlinePayload,
  joinPayload,
  nodePayload,
  parkingPayload,
  pausePayload,
} from './task-payload.ts';

/** A node as the compiler sees it: what runs it and where its edges lead. */
export interface NodePlan {
  readonly id: string;
  readonly type: string;
  /** How paths of the machine name the node. */
  readonly key: string;
  readonly run: NodeFunction;
  readonly parking?: Parking;
  /** How long the node may answer `later`, in milliseconds. */
  readonly outageMs?: number;
  /** Running it ends the instance. */
  readonly ends: boolean;
  /** Where the node leads: nowhere (a leaf or an end node), one way, or by branch. */
  readonly leads:
    | { readonly kind: 'nowhere' }
    | { readonly kind: 'to'; readonly lead: Lead }
    | { readonly kind: 'by_branch'; readonly leads: ReadonlyMap<string, Lead> };
}

/** To one node, or along all branches of a fork. */
export type Lead = { readonly node: string } | { readonly fork: Fork };

/** What the states of a node must know of where they stand. */
export interface Place {
  /** The names that this node's states have here. */
  readonly named: (name: string) => string;
  /** The state to go to. */
  readonly stateFor: (lead: Lead) => string;
  /** Path to the seconds that a wait is taken up again for. */
  readonly resumedSeconds: string;
  /** Path to what the scope puts out when it is over; only branches of a parallel state have one. */
  readonly output?: string;
  /** The pause gate; only branches of a parallel state have one of their own. */
  readonly paused?: () => string;
}

type After = Pick<TaskState, 'Next' | 'End' | 'OutputPath'>;

/** States of one node, in the order in which they run. */
export function nodeStates(plan: NodePlan, place: Place): States {
  const states =
    plan.parking === undefined
      ? runningStates(plan, place)
      : parkingStates(plan, plan.parking, place);
  if (plan.leads.kind !== 'by_branch') return states;
  return { ...states, [branchState(plan, place)]: branchChoice(plan.leads.leads, place) };
}

/** The state in which a node begins: a computed wait begins by computing its deadline. */
export function firstState(plan: NodePlan): string {
  return plan.parking?.kind === 'computed' ? stateName.deadline(plan.id) : plan.id;
}

/** The state in which a registered wait is taken up again; a computed one computes what remains. */
export function resumedState(plan: NodePlan): string | undefined {
  return plan.parking?.kind === 'fixed' ? stateName.resumed(plan.id) : undefined;
}

function branchState(plan: NodePlan, place: Place): string {
  return place.named(stateName.branch(plan.id));
}

function after(plan: NodePlan, place: Place): After {
  switch (plan.leads.kind) {
    case 'nowhere':
      if (place.output === undefined) return { End: true };
      return plan.ends
        ? { Next: place.named(stateName.ended(plan.id)) }
        : { OutputPath: place.output, End: true };
    case 'to':
      return { Next: place.stateFor(plan.leads.lead) };
    case 'by_branch':
      return { Next: branchState(plan, place) };
  }
}

/** At the top, a task catches its errors; in a branch, all but a pause fail the parallel state, which knows what to do. */
function caught(place: Place, catchers: readonly Catcher[] = []): Pick<TaskState, 'Catch'> {
  const { paused } = place;
  return { Catch: [...catchers, ...(paused === undefined ? catchTask() : [catchPause(paused())])] };
}

function runningStates(plan: NodePlan, place: Place): States {
  return {
    [place.named(plan.id)]: {
      Type: 'Task',
      Comment: plan.type,
      ...invoke(plan.run, nodePayload(plan.id)),
      ...keepBranch(plan),
      Retry: retryTask(plan.outageMs),
      ...caught(place),
      ...after(plan, place),
    },
  };
}

function parkingStates(plan: NodePlan, parking: Parking, place: Place): States {
  const timedOut = place.named(stateName.timedOut(plan.id));
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
    ...caught(place, [catchTimeout(timedOut)]),
    ...after(plan, place),
  });
  const resolved: States = { [timedOut]: resolveState(plan, place) };
  switch (parking.kind) {
    case 'fixed':
      return {
        [place.named(plan.id)]: parked({ TimeoutSeconds: parkedSeconds(parking.durationMs) }),
        ...resolved,
        [place.named(stateName.resumed(plan.id))]: parked({
          TimeoutSecondsPath: place.resumedSeconds,
        }),
      };
    case 'computed':
      return {
        [place.named(stateName.deadline(plan.id))]: deadlineState(plan, place),
        [place.named(plan.id)]: parked({ TimeoutSecondsPath: '$.step.seconds' }),
        ...resolved,
      };
  }
}

/** Parks a paused instance; whoever uses it says where to go on. */
export function pauseState(): Omit<TaskState, 'Next'> {
  return {
    Type: 'Task',
    Comment: 'The instance is paused; resuming it answers with the node to go on at.',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: { FunctionName: placeholder('WaitFunction'), Payload: pausePayload() },
    ResultPath: '$.at',
    Retry: retryTask(),
  };
}

/** Only a join that stands aside has one: the engine, which knows where the customer is, answers it. */
export function joinState(join: string, next: string): TaskState {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: { FunctionName: placeholder('WaitFunction'), Payload: joinPayload(join) },
    ResultPath: '$.step',
    Retry: retryTask(),
    Next: next,
  };
}

function deadlineState(plan: NodePlan, place: Place): TaskState {
  return {
    Type: 'Task',
    ...invoke(plan.run, deadlinePayload(plan.id)),
    ResultSelector: { 'seconds.$': '$.Payload.seconds' },
    ResultPath: '$.step',
    Retry: retryTask(),
    ...caught(place),
    Next: place.named(plan.id),
  };
}

function resolveState(plan: NodePlan, place: Place): TaskState {
  return {
    Type: 'Task',
    ...invoke('ResolveWaitFunction', nodePayload(plan.id)),
    ...keepBranch(plan),
    Retry: retryTask(),
    ...caught(place),
    ...after(plan, place),
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

/** Inside of parallel branches there is nothing to default to: a choice that cannot be made fails the execution. */
function branchChoice(leads: ReadonlyMap<string, Lead>, place: Place): State {
  const choice: ChoiceState = {
    Type: 'Choice',
    Choices: [...leads].map(([branch, lead]) => ({
      Variable: '$.step.branch',
      StringEquals: branch,
      Next: place.stateFor(lead),
    })),
  };
  return place.output === undefined ? { ...choice, Default: stateName.failed } : choice;
}
