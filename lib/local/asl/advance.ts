/**
 * The interpreter: a state and a stimulus in, a new state and the calls to make out. No clock, no I/O, no chance of its own:
 * the in-memory runner and the durable executor are two drivers over these two functions.
 */
import type { Json } from '../../json.ts';
import type { Chance } from '../../ports/chance.ts';
import type { ExecutionFacts } from './context-object.ts';
import type { Failure } from './failure.ts';
import { begin, follow, followFrom, stateNamed } from './follow.ts';
import type { Machine, Scope } from './machine.ts';
import type { Followed } from './parallel.ts';
import { replaceBranch } from './parallel.ts';
import type { ExecutionState, ParallelStrand, Strand, TaskStrand } from './strand.ts';
import { dueAt, holdsTask } from './strand.ts';
import { beatTask, completeTask, expireTask, failTask, returnTask } from './task.ts';
import type { Outcome, TaskCall, Turn } from './turn.ts';
import { leaveWait } from './wait.ts';

/** What can happen to a waiting execution. `task` names the attempt it is about. */
export type Stimulus =
  /**
   * The function returned; for a task with a token that only means that the token is out. Whoever holds it may want the task's
   * timeout to the millisecond, where the definition can only give whole seconds: `deadline` brings it forward, never back.
   */
  | {
      readonly kind: 'returned';
      readonly task: number;
      readonly result: Json;
      readonly deadline?: number;
    }
  /** The function failed. */
  | { readonly kind: 'threw'; readonly task: number; readonly failure: Failure }
  /** Whoever holds the token has answered. */
  | { readonly kind: 'succeeded'; readonly task: number; readonly output: Json }
  | { readonly kind: 'failed'; readonly task: number; readonly failure: Failure }
  | { readonly kind: 'heartbeat'; readonly task: number }
  /** Time has passed. */
  | { readonly kind: 'tick' };

/** A stimulus for one task. */
export type TaskStimulus = Exclude<Stimulus, { kind: 'tick' }>;

export interface World {
  readonly machine: Machine;
  readonly facts: ExecutionFacts;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly chance: Chance;
  readonly tokenOf: (task: number) => string;
}

export interface Advance {
  /** Absent when the execution has ended. */
  readonly state?: ExecutionState;
  readonly end?: ExecutionEnd;
  readonly calls: readonly TaskCall[];
  /** Names of the states entered, in order. */
  readonly entered: readonly string[];
}

export type ExecutionEnd =
  | { readonly status: 'SUCCEEDED'; readonly output: Json }
  | { readonly status: 'FAILED'; readonly failure: Failure }
  | { readonly status: 'TIMED_OUT' };

export function startExecution(world: World, input: Json): Advance {
  const turn = newTurn(world, 1);
  return settle(turn, follow(turn, world.machine, world.machine.startAt, input));
}

/** Answers `undefined` when nothing in the execution waits for the stimulus: it came too late, or twice. */
export function advance(
  world: World,
  state: ExecutionState,
  stimulus: Stimulus,
): Advance | undefined {
  if (stimulus.kind === 'tick') return tick(world, state);
  const turn = newTurn(world, state.events);
  const followed = tell(turn, world.machine, state.strand, stimulus);
  return followed === undefined ? undefined : settle(turn, followed);
}

/** The earliest instant at which the execution goes on by itself, in epoch milliseconds; `Infinity` for never. */
export function nextDue(machine: Machine, facts: ExecutionFacts, state: ExecutionState): number {
  return Math.min(dueAt(state.strand), facts.startedAt + (machine.timeoutMs ?? Infinity));
}

/** The calls of a state that was read back after a crash, made again as the same attempts with the same tokens. */
export function callsInFlight(world: World, state: ExecutionState): readonly TaskCall[] {
  const calls: TaskCall[] = [];
  repeatCalls(world, world.machine, state.strand, calls);
  return calls;
}

function repeatCalls(world: World, scope: Scope, strand: Strand, calls: TaskCall[]): void {
  if (strand.phase === 'parallel') {
    for (const [at, branch] of strand.branches.entries()) {
      repeatCalls(world, branchScope(scope, strand, at), branch, calls);
    }
  }
  if (strand.phase !== 'task' || strand.parked) return;
  const turn = newTurn(world, strand.task - 1);
  begin(stateNamed(scope, strand.state), turn, strand, strand.retries);
  calls.push(...turn.calls);
}

function newTurn(world: World, events: number): Turn {
  const { facts, now, chance, tokenOf } = world;
  return { facts, now, chance, tokenOf, events, entered: [], calls: [] };
}

function settle(turn: Turn, followed: Followed): Advance {
  const { events, calls, entered } = turn;
  if (followed.phase === 'failed') {
    return { end: { status: 'FAILED', failure: followed.failure }, calls: [], entered };
  }
  if (followed.phase === 'done') {
    return { end: { status: 'SUCCEEDED', output: followed.output }, calls: [], entered };
  }
  // A branch may have scheduled a call before its sibling failed the state that both belong to.
  const live = calls.filter(({ task }) => holdsTask(followed, task));
  return { state: { events, strand: followed }, calls: live, entered };
}

/** Lets everything happen that is due by now, in the order in which it was due. */
function tick(world: World, state: ExecutionState): Advance | undefined {
  const endsAt = world.facts.startedAt + (world.machine.timeoutMs ?? Infinity);
  const turn = newTurn(world, state.events);
  let followed: Followed | undefined;
  let strand: Strand = state.strand;
  for (;;) {
    const at = dueAt(strand);
    if (endsAt <= Math.min(at, world.now)) {
      return { end: { status: 'TIMED_OUT' }, calls: [], entered: turn.entered };
    }
    if (at > world.now) break;
    followed = tell(turn, world.machine, strand, { kind: 'due', at });
    if (followed === undefined || followed.phase === 'failed') break;
    strand = followed;
  }
  return followed === undefined ? undefined : settle(turn, followed);
}

type Told = TaskStimulus | { readonly kind: 'due'; readonly at: number };

/** Finds the strand that the stimulus is about, and follows it from there. */
function tell(turn: Turn, scope: Scope, strand: Strand, told: Told): Followed | undefined {
  const outcome =
    strand.phase === 'parallel'
      ? tellBranches(turn, scope, strand, told)
      : tellStrand(turn, scope, strand, told);
  return outcome === undefined ? undefined : followFrom(turn, scope, outcome);
}

function tellBranches(
  turn: Turn,
  scope: Scope,
  strand: ParallelStrand,
  told: Told,
): Outcome | undefined {
  const state = stateNamed(scope, strand.state);
  if (state.type !== 'Parallel') return undefined;
  for (const [at, branch] of strand.branches.entries()) {
    const followed = tell(turn, branchScope(scope, strand, at), branch, told);
    if (followed === undefined) continue;
    return replaceBranch(state, turn, strand, at, followed);
  }
  return undefined;
}

function branchScope(scope: Scope, strand: ParallelStrand, at: number): Scope {
  const state = stateNamed(scope, strand.state);
  const branch = state.type === 'Parallel' ? state.branches[at] : undefined;
  if (branch === undefined) throw new Error(`The state ${strand.state} has no branch ${at}.`);
  return branch;
}

function tellStrand(
  turn: Turn,
  scope: Scope,
  strand: Exclude<Strand, ParallelStrand>,
  told: Told,
): Outcome | undefined {
  if (strand.phase === 'done') return undefined;
  if (strand.phase === 'task') return tellTask(turn, scope, strand, told);
  if (told.kind !== 'due' || strand.until !== told.at) return undefined;
  const state = stateNamed(scope, strand.state);
  if (strand.phase === 'pause') return begin(state, turn, strand, strand.retries);
  return state.type === 'Wait' ? leaveWait(state, turn, strand) : undefined;
}

function tellTask(turn: Turn, scope: Scope, strand: TaskStrand, told: Told): Outcome | undefined {
  const state = stateNamed(scope, strand.state);
  if (state.type !== 'Task') return undefined;
  if (told.kind === 'due') {
    return dueAt(strand) === told.at ? expireTask(state, turn, strand) : undefined;
  }
  if (told.task !== strand.task) return undefined;
  switch (told.kind) {
    case 'returned':
      return strand.parked ? undefined : returnTask(state, turn, strand, told);
    case 'threw':
      return strand.parked ? undefined : failTask(state, turn, strand, told.failure);
    case 'succeeded':
      return state.resource.awaitsToken
        ? completeTask(state, turn, strand, told.output)
        : undefined;
    case 'failed':
      return state.resource.awaitsToken ? failTask(state, turn, strand, told.failure) : undefined;
    case 'heartbeat':
      return beatTask(turn, strand);
    default:
      return told satisfies never;
  }
}
