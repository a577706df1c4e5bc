/** What the durable executor is given, and what it tells about itself. */
import type { Json, JsonObject } from '../../json.ts';
import type { Chance } from '../../ports/chance.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MachineRef } from '../../ports/executions.ts';
import type { Table } from '../../ports/table.ts';
import type { Gate } from './gate.ts';

export interface ExecutorOptions {
  readonly table: Table;
  readonly clock: Clock;
  /** For jitter and random intrinsic functions. */
  readonly chance: Chance;
  /** The compiled state machine of a version. It is asked for seldom: the machines used last stay in memory. */
  readonly definitionOf: (machine: MachineRef) => Promise<JsonObject>;
  /** Runs a function of a task: answers its result, or throws an error whose `name` is the error name. */
  readonly invoke: (functionName: string, payload: Json, task: TaskInfo) => Promise<Json>;
  /**
   * What a function that has been given a token returned -> the instant (epoch milliseconds) at which its task times out, when that
   * is earlier than the definition's whole seconds. Default: the definition decides alone.
   */
  readonly deadlineOf?: (result: Json) => number | undefined;
  /** Called once per outage of the store, and for whatever else goes wrong with nobody to tell. */
  readonly onError: (report: ErrorReport) => void;
  /** Default: work begins at once. */
  readonly gate?: Gate;
  /** Functions running at the same time; default 256. */
  readonly concurrencyMax?: number;
  /** State machines kept in memory; default 512. */
  readonly machinesMax?: number;
}

/** What a function is told about its task, besides the payload. */
export interface TaskInfo {
  readonly machine: MachineRef;
  readonly execution: string;
  readonly state: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly token?: string;
}

export interface ErrorReport {
  /** `store`: a row could not be written or read. `execution`: one execution could not go on. */
  readonly kind: 'store' | 'execution';
  readonly error: unknown;
  /** `tenant#x#name`. */
  readonly execution?: string;
}

/** What is going on right now; nothing but `live` and `unstored` of zero when only a timer or a call can start something. */
export interface Activity {
  readonly functionsRunning: number;
  readonly functionsWaiting: number;
  /** Executions with a change that is not stored yet. */
  readonly unstored: number;
  /** Executions in memory. */
  readonly live: number;
  readonly sweeping: boolean;
}
