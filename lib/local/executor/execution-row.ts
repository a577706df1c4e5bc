/**
 * One execution as one item of the table, as small as it can be: hundreds of thousands of them wait at the same time. Names of
 * fields are single letters, and what follows from the rest is left out:
 *
 *   m machine `journey@version`   x execution's input   v events   b begun at
 *   a state   i input, when it is not the execution's   n entering event   t entered at   p phase, when it is not a parked task
 *   k task   u until or deadline   h heartbeat interval   g heartbeat due   c retry count   r attempts by retrier
 *   l branches   o output   j all of these as JSON text, where they are nested deeper than a table takes
 *
 * Times of the past (`b`, `t`) are kept only for machines that can ask for them.
 */
import type { Json, JsonObject } from '../../json.ts';
import type { MachineRef } from '../../ports/executions.ts';
import type { Item } from '../../ports/table.ts';
import { jsonEquals } from '../asl/json-equality.ts';
import type { Retries } from '../asl/retry.ts';
import { noRetries } from '../asl/retry.ts';
import type { ExecutionState, Strand, TaskStrand } from '../asl/strand.ts';
import { isRunning } from '../asl/strand.ts';
import type { Visit } from '../asl/turn.ts';
import type { ExecutionKey } from './execution-key.ts';
import { executionSortKey, runningIndex, splitExecutionKey } from './execution-key.ts';

export interface StoredExecution {
  readonly machine: MachineRef;
  readonly input: Json;
  readonly startedAt: number;
  readonly state: ExecutionState;
}

/** Fields are set one by one here and below: this runs at every transition, and spreading objects costs several times as much. */
export function toRow(key: ExecutionKey, stored: StoredExecution, keepsTimes: boolean): Item {
  const { machine, input, state, startedAt } = stored;
  const row: PackedRow = { pk: key, sk: executionSortKey };
  if (isRunning(state.strand)) row['index'] = runningIndex;
  row['m'] = `${machine.journey}@${machine.version}`;
  row['x'] = input;
  if (state.events !== impliedEvents(state.strand)) row['v'] = state.events;
  if (keepsTimes) row['b'] = startedAt;
  packStrand(row, state.strand, input, keepsTimes);
  return row;
}

type Packed = Record<string, Json>;

type PackedRow = Packed & { pk: string; sk: string };

/** The same row for values that a table refuses, of which the depth is the likely one. */
export function toTextRow(row: Item): Item {
  const { pk, sk, index, ...packed } = row;
  return { pk, sk, ...(index !== undefined && { index }), j: JSON.stringify(packed) };
}

export function isTextRow(row: Item): boolean {
  return typeof row['j'] === 'string';
}

export function fromRow(stored: Item): StoredExecution {
  const { pk, j: text } = stored;
  const row = typeof text === 'string' ? (JSON.parse(text) as JsonObject) : stored;
  const { tenant } = splitExecutionKey(pk);
  const named = row['m'] as string;
  const at = named.lastIndexOf('@');
  const input = row['x'] ?? null;
  const strand = unpackStrand(row, input);
  return {
    machine: { tenant, journey: named.slice(0, at), version: Number(named.slice(at + 1)) },
    input,
    startedAt: (row['b'] as number | undefined) ?? 0,
    state: { events: (row['v'] as number | undefined) ?? impliedEvents(strand), strand },
  };
}

/** Scheduling, starting and submitting a task are one event each, and nothing else happens beside a single strand. */
function impliedEvents(strand: Strand): number {
  if (strand.phase !== 'task') return 0;
  return strand.task + (strand.parked ? 2 : 1);
}

const phases = { r: 'running', w: 'wait', p: 'pause', l: 'parallel', d: 'done' } as const;

function packStrand(packed: Packed, strand: Strand, input: Json, keepsTimes: boolean): void {
  if (strand.phase === 'done') {
    packed['p'] = 'd';
    packed['o'] = strand.output;
    return;
  }
  packed['a'] = strand.state;
  if (strand.input !== input && !jsonEquals(strand.input, input)) packed['i'] = strand.input;
  if (keepsTimes) packed['t'] = strand.enteredAt;
  if (strand.phase === 'task') {
    packTask(packed, strand);
    return;
  }
  packed['n'] = strand.entered;
  switch (strand.phase) {
    case 'wait':
      packed['p'] = 'w';
      packed['u'] = strand.until;
      break;
    case 'pause':
      packed['p'] = 'p';
      packed['u'] = strand.until;
      packRetries(packed, strand.retries);
      break;
    case 'parallel':
      packed['p'] = 'l';
      packed['l'] = strand.branches.map((branch) => {
        const inner: Packed = {};
        packStrand(inner, branch, input, keepsTimes);
        return inner;
      });
      packRetries(packed, strand.retries);
      break;
    default:
      strand satisfies never;
  }
}

function packTask(packed: Packed, strand: TaskStrand): void {
  if (strand.entered !== strand.task - 1) packed['n'] = strand.entered;
  if (!strand.parked) packed['p'] = 'r';
  packed['k'] = strand.task;
  if (strand.deadline !== undefined) packed['u'] = strand.deadline;
  if (strand.heartbeatMs !== undefined) packed['h'] = strand.heartbeatMs;
  if (strand.heartbeatBy !== undefined) packed['g'] = strand.heartbeatBy;
  packRetries(packed, strand.retries);
}

function packRetries(packed: Packed, retries: Retries): void {
  if (retries.count === 0) return;
  packed['c'] = retries.count;
  packed['r'] = retries.used;
}

function unpackStrand(packed: JsonObject, executionInput: Json): Strand {
  const phase = phases[(packed['p'] as keyof typeof phases | undefined) ?? 'r'];
  if (phase === 'done') return { phase, output: packed['o'] ?? null };
  const retries = unpackRetries(packed);
  if (phase === 'running') return unpackTask(packed, executionInput, retries);
  const visit = unpackVisit(packed, executionInput, packed['n'] as number);
  if (phase === 'parallel') {
    const branches = (packed['l'] as readonly JsonObject[]).map((branch) =>
      unpackStrand(branch, executionInput),
    );
    return { ...visit, phase, retries, branches };
  }
  const until = packed['u'] as number;
  return phase === 'wait' ? { ...visit, phase, until } : { ...visit, phase, until, retries };
}

function unpackTask(packed: JsonObject, executionInput: Json, retries: Retries): TaskStrand {
  const task = packed['k'] as number;
  const entered = (packed['n'] as number | undefined) ?? task - 1;
  const visit = unpackVisit(packed, executionInput, entered);
  return {
    phase: 'task',
    state: visit.state,
    input: visit.input,
    enteredAt: visit.enteredAt,
    entered,
    task,
    retries,
    parked: packed['p'] === undefined,
    deadline: packed['u'] as number | undefined,
    heartbeatMs: packed['h'] as number | undefined,
    heartbeatBy: packed['g'] as number | undefined,
  };
}

function unpackVisit(packed: JsonObject, executionInput: Json, entered: number): Visit {
  const own = packed['i'];
  return {
    state: packed['a'] as string,
    input: own === undefined ? executionInput : own,
    enteredAt: (packed['t'] as number | undefined) ?? 0,
    entered,
  };
}

function unpackRetries(packed: JsonObject): Retries {
  const count = packed['c'];
  if (typeof count !== 'number') return noRetries;
  return { count, used: packed['r'] as readonly number[] };
}
