/**
 * An execution that is in memory: because a function of it runs, because somebody is telling it something, or because its last
 * change is not stored yet. A parked one is a row of the table and nothing else.
 */
import type { Json } from '../../json.ts';
import type { Chance } from '../../ports/chance.ts';
import type { MachineRef } from '../../ports/executions.ts';
import type { World } from '../asl/advance.ts';
import { nextDue } from '../asl/advance.ts';
import type { ExecutionFacts } from '../asl/context-object.ts';
import type { ExecutionState } from '../asl/strand.ts';
import { isRunning } from '../asl/strand.ts';
import type { TaskCall } from '../asl/turn.ts';
import type { ExecutionKey } from './execution-key.ts';
import { splitExecutionKey, tokenOf } from './execution-key.ts';
import type { PreparedMachine } from './machines.ts';

export interface LiveExecution {
  readonly key: ExecutionKey;
  readonly ref: MachineRef;
  readonly prepared: PreparedMachine;
  readonly facts: ExecutionFacts;
  /** Undefined once the execution has ended. */
  state: ExecutionState | undefined;
  /** How many changes there were, and how many of them are stored. */
  changes: number;
  stored: number;
  /** The due time of its timer in the table, if it has one. */
  timer: number | undefined;
  /** Due times of timers that the table may have for it besides; the next write removes them. */
  strays: readonly number[];
  /** True when the table does not take its row but as text. */
  asText: boolean;
  /** True while a write is under way. */
  writing: boolean;
  /** Writes that failed in a row. */
  failures: number;
  readonly waiters: ChangeWaiter[];
  /** Functions that must not begin before the change that invokes them is stored. */
  held: readonly HeldCall[];
  /** How many calls are working with it right now. */
  holders: number;
  /** The alarm for what is due while a function runs; a parked execution has its timer in the table instead. */
  alarm: { readonly instant: number; readonly cancel: () => void } | undefined;
}

interface HeldCall {
  readonly change: number;
  readonly call: TaskCall;
}

/** Somebody who waits until a change is stored. */
export interface ChangeWaiter {
  readonly change: number;
  readonly stored: () => void;
  readonly failed: (error: unknown) => void;
}

export interface LiveStart {
  readonly key: ExecutionKey;
  readonly ref: MachineRef;
  readonly prepared: PreparedMachine;
  readonly input: Json;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

export function newLiveExecution(start: LiveStart): LiveExecution {
  const { key, ref, prepared } = start;
  return {
    key,
    ref,
    prepared,
    facts: factsOf(start),
    state: undefined,
    changes: 0,
    stored: 0,
    timer: undefined,
    strays: [],
    asText: false,
    writing: false,
    failures: 0,
    waiters: [],
    held: [],
    holders: 0,
    alarm: undefined,
  };
}

/** Ids in the form of AWS's, so that whatever takes them apart finds the parts. */
function factsOf({ key, ref, input, startedAt }: LiveStart): ExecutionFacts {
  const { name } = splitExecutionKey(key);
  const machineName = `${ref.journey}-${ref.version}`;
  const account = `arn:aws:states:local:${ref.tenant}`;
  return {
    id: `${account}:execution:${machineName}:${name}`,
    name,
    input,
    startedAt,
    machineId: `${account}:stateMachine:${machineName}`,
    machineName,
    roleArn: `arn:aws:iam::${ref.tenant}:role/local`,
  };
}

export function worldOf(live: LiveExecution, now: number, chance: Chance): World {
  const { key, facts, prepared } = live;
  return {
    machine: prepared.machine,
    facts,
    now,
    chance,
    tokenOf: (task) => tokenOf(key, task),
  };
}

/** True while a function may be running for it: such an execution stays in memory, and is taken up again after a crash. */
export function hasRunningTask(live: LiveExecution): boolean {
  return live.state !== undefined && isRunning(live.state.strand);
}

/** When the execution goes on by itself, in epoch milliseconds; `Infinity` for never. */
export function dueOf(live: LiveExecution): number {
  if (live.state === undefined) return Infinity;
  return nextDue(live.prepared.machine, live.facts, live.state);
}

/** True when it need not stay in memory: everything is stored, nothing runs, and nobody works with it. */
export function canLeave(live: LiveExecution): boolean {
  const isStored = live.stored === live.changes && !live.writing;
  return isStored && live.holders === 0 && !hasRunningTask(live);
}
