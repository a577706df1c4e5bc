/**
 * One life of the process under test: the table in its folder, the engine and the executor on it, and everything that ends when
 * the process dies. The next life opens the same folder and recovers, as a restarted process does.
 */
import { createLmdbTable, type LmdbTable } from '../adapters/local/lmdb-table.ts';
import type { EngineContext } from '../engine/engine-context.ts';
import { runSchedules } from '../engine/segments/run-schedules.ts';
import { sweep } from '../engine/sweep.ts';
import { tableSegmentStore } from '../engine/segments/table-segment-store.ts';
import { embeddedEngine } from '../local/embedded-engine.ts';
import type { Executor } from '../local/executor/executor.ts';
import type { Channels } from '../ports/channel.ts';
import type { Chance } from '../ports/chance.ts';
import type { Ids } from '../ports/ids.ts';
import type { WriteGroup } from '../ports/table.ts';
import type { Arrivals } from './arrivals.ts';
import { crashable, type Crash } from './crash.ts';
import type { FakeProvider } from './fake-channel.ts';
import { kitCodeRunner } from './kit-code-runner.ts';
import { scheduledTable } from './scheduled-table.ts';
import type { SegmentStoreSwitch } from './segment-store-switch.ts';
import { seededTurns, type Turns } from './turns.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { workGate, type WorkGate } from './work-gate.ts';

/** What outlives a process. */
export interface World {
  readonly folder: string;
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly ids: Ids;
  readonly arrivals: Arrivals;
  readonly providers: ReadonlyMap<string, FakeProvider>;
  readonly onError: (error: unknown) => void;
  readonly segmentStore: SegmentStoreSwitch;
  /** Sees every group that was written, in the order in which the table took them. */
  readonly onWritten?: (group: WriteGroup) => void;
}

export interface TestProcess {
  readonly ctx: EngineContext;
  readonly executor: Executor;
  readonly crash: Crash;
  readonly gate: WorkGate;
  readonly turns: Turns;
  /** The table without turns and crashes, to look at. */
  readonly table: LmdbTable['table'];
  /** Runs everything that is due now, until all is quiet. */
  settle(): Promise<void>;
  /** Waits for what the disk is doing and closes the file: what the operating system does for a dead process. */
  closeTable(): Promise<void>;
}

let processes = 0;

export async function startProcess(world: World): Promise<TestProcess> {
  const { clock, chance, ids, folder, providers } = world;
  const lmdb: LmdbTable = await createLmdbTable({ folder, durability: 'operating-system' });
  const turns = seededTurns(chance);
  const gate = workGate();
  const crash = crashable(() => {
    turns.drop();
    gate.drop();
    clock.forgetAlarms();
  });
  const id = `test-${(processes += 1)}`;
  const channels = new Map(
    [...providers].map(([name, provider]) => [name, provider.channelFor({ turns, crash })]),
  );
  /** Whatever provider a journey names, the channel's fake stands for it. */
  const find: Channels['find'] = ({ channel: name, provider = 'fake' }) => {
    const channel = channels.get(name);
    return channel === undefined ? undefined : { name: provider, channel };
  };
  const table = scheduledTable(lmdb.table, { turns, crash, onWritten: written(world) });
  const { ctx, executor } = embeddedEngine({
    table,
    segmentStore: world.segmentStore.over(tableSegmentStore(table)),
    clock,
    chance,
    ids,
    gate,
    channels: { find },
    process: { id, mayBeAlive: (process) => process === id },
    onError: ({ error }) => world.onError(error),
    templatesMustExist: false,
    code: kitCodeRunner(turns),
  });
  return {
    ctx,
    executor,
    crash,
    gate,
    turns,
    table: lmdb.table,
    settle: () => gate.open(() => turns.quiet()),
    closeTable: () => lmdb.close(),
  };
}

function written({ arrivals, onWritten }: World): (group: WriteGroup) => void {
  return (group) => {
    arrivals.note(group);
    onWritten?.(group);
  };
}

/** In a test, a promise that cannot be kept is an error. */
export async function sweepAll(ctx: EngineContext, olderThanMs: number): Promise<void> {
  const { failures } = await sweep(ctx, { olderThanMs });
  if (failures.length > 0) throw failures[0];
}

/** What a restarted process does before anything else: it keeps every promise and takes up what was running. */
export async function recover(process: TestProcess): Promise<void> {
  await sweepAll(process.ctx, 0);
  await runSchedules(process.ctx);
  await process.executor.recover();
}
