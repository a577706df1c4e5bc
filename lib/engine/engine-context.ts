/** What every verb of the engine works with: its ports, its settings, and the prepared versions it has already read. */
import type { NodeType } from '../nodes/node-type.ts';
import type { Channels } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';
import type { Executions } from '../ports/executions.ts';
import type { Ids } from '../ports/ids.ts';
import type { Table } from '../ports/table.ts';
import { circuitBreaker, type CircuitBreaker } from './circuit-breaker.ts';
import type { PreparedVersion } from './prepared-version.ts';
import type { CompileGraph } from './publish.ts';

export interface EnginePorts {
  readonly table: Table;
  readonly executions: Executions;
  readonly channels: Channels;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly process: ProcessIdentity;
}

/** Tells whether whoever claimed a message may still be at it. */
interface ProcessIdentity {
  readonly id: string;
  /**
   * False only when that process is certainly gone: on one machine, any process but this one. On AWS nobody knows, and the
   * lease decides.
   */
  mayBeAlive(process: string): boolean;
}

export interface EngineSettings {
  readonly nodeTypes: ReadonlyMap<string, NodeType>;
  readonly compile: CompileGraph;
  /** Whether a graph may only use templates that the tenant has. */
  readonly templatesMustExist: boolean;
}

export interface EngineContext extends EnginePorts, EngineSettings {
  /** Published versions never change; the oldest reading makes room when the cache is full. */
  readonly versions: Map<string, PreparedVersion>;
  readonly breaker: CircuitBreaker;
}

export function engineContext(ports: EnginePorts, settings: EngineSettings): EngineContext {
  return { ...ports, ...settings, versions: new Map(), breaker: circuitBreaker(ports.clock) };
}
