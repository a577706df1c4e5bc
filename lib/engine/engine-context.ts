/** What every verb of the engine works with: its ports, its settings, and the prepared versions it has already read. */
import type { NodeType } from '../nodes/node-type.ts';
import type { Channels } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';
import type { CodeRunner } from '../ports/code-runner.ts';
import type { Executions } from '../ports/executions.ts';
import type { Ids } from '../ports/ids.ts';
import type { Machines } from '../ports/machines.ts';
import type { SegmentStore } from '../ports/segment-store.ts';
import type { Table } from '../ports/table.ts';
import { circuitBreaker, type CircuitBreaker } from './sends/circuit-breaker.ts';
import type { FollowedSegments } from './segments/followed-segments.ts';
import type { PreparedVersion } from './journeys/prepared-version.ts';
import type { CompileGraph } from './journeys/publish.ts';
import { tableSegmentStore } from './segments/table-segment-store.ts';

export interface EnginePorts {
  readonly table: Table;
  readonly executions: Executions;
  readonly channels: Channels;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly process: ProcessIdentity;
  /** Answers `check_segment`; default: the segments and profiles of the table. */
  readonly segmentStore?: SegmentStore;
  /** Absent where custom code is switched off: it is refused when published, and fails where it is reached. */
  readonly code?: CodeRunner;
  /** Makes the state machines of versions that are published; absent where the executor runs them from the table. */
  readonly machines?: Machines;
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
  /** Versions that somebody came into never change; the oldest reading makes room when the cache is full. */
  readonly versions: Map<string, PreparedVersion>;
  readonly breaker: CircuitBreaker;
  readonly segmentStore: SegmentStore;
  /** By tenant: the segments that a change of a profile may bring a customer into. */
  readonly followed: Map<string, FollowedSegments>;
}

export function engineContext(ports: EnginePorts, settings: EngineSettings): EngineContext {
  return {
    ...ports,
    ...settings,
    versions: new Map(),
    breaker: circuitBreaker(ports.clock),
    segmentStore: ports.segmentStore ?? tableSegmentStore(ports.table),
    followed: new Map(),
  };
}
