/**
 * What an execution remembers between two stimuli: one strand for the execution itself and one for each running branch of a
 * Parallel state. Plain data, small, and complete: a process that starts with it goes on as the one that wrote it would have.
 */
import type { Json } from '../../json.ts';
import type { Retries } from './retry.ts';
import type { Visit } from './turn.ts';

export interface ExecutionState {
  /** Id of the last history event. */
  readonly events: number;
  readonly strand: Strand;
}

export type Strand = TaskStrand | WaitStrand | PauseStrand | ParallelStrand | DoneStrand;

/** A function was invoked, or its token is out. */
export interface TaskStrand extends Visit {
  readonly phase: 'task';
  readonly task: number;
  readonly retries: Retries;
  /** True once the function that carries the token has returned: nothing of this strand runs any more. */
  readonly parked: boolean;
  /** Epoch milliseconds; undefined without a timeout. */
  readonly deadline: number | undefined;
  readonly heartbeatMs: number | undefined;
  readonly heartbeatBy: number | undefined;
}

/** A Wait state. */
interface WaitStrand extends Visit {
  readonly phase: 'wait';
  /** Epoch milliseconds. */
  readonly until: number;
}

/** The time between two attempts of a state that is retried. */
interface PauseStrand extends Visit {
  readonly phase: 'pause';
  readonly until: number;
  readonly retries: Retries;
}

export interface ParallelStrand extends Visit {
  readonly phase: 'parallel';
  readonly retries: Retries;
  /** In the order of the branches. */
  readonly branches: readonly Strand[];
}

/** A branch that has ended and waits for its siblings. */
interface DoneStrand {
  readonly phase: 'done';
  readonly output: Json;
}

/** The earliest instant at which the strand goes on by itself, in epoch milliseconds. */
export function dueAt(strand: Strand): number {
  switch (strand.phase) {
    case 'task':
      if (strand.heartbeatBy === undefined) return strand.deadline ?? Infinity;
      return Math.min(strand.deadline ?? Infinity, strand.heartbeatBy);
    case 'wait':
    case 'pause':
      return strand.until;
    case 'parallel':
      return Math.min(...strand.branches.map(dueAt));
    case 'done':
      return Infinity;
    default:
      return strand satisfies never;
  }
}

/** True while the task has not ended. */
export function holdsTask(strand: Strand, task: number): boolean {
  if (strand.phase === 'parallel') return strand.branches.some((one) => holdsTask(one, task));
  return strand.phase === 'task' && strand.task === task;
}

/** True while a function that this strand invoked may still be running. */
export function isRunning(strand: Strand): boolean {
  if (strand.phase === 'parallel') return strand.branches.some(isRunning);
  return strand.phase === 'task' && !strand.parked;
}
