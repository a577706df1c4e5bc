/**
 * The engine of a function, from the settings of its deployment. This is a composition root: it names the adapters. What only some
 * functions have are parts in files of their own, so that no function carries, or may do, more than it needs.
 */
import { dynamodbTable } from '../../lib/adapters/aws/dynamodb-table.ts';
import { stepFunctionsExecutions } from '../../lib/adapters/aws/step-functions-executions.ts';
import { systemClock } from '../../lib/adapters/system/system-clock.ts';
import { systemIds } from '../../lib/adapters/system/system-ids.ts';
import { compileJourney } from '../../lib/compiler/compile-journey.ts';
import {
  engineContext,
  type EngineContext,
  type EnginePorts,
} from '../../lib/engine/engine-context.ts';
import { nodeTypes } from '../../lib/nodes/catalogue.ts';
import { configuredChannels } from '../../lib/ports/configured-channels.ts';
import { machineArns } from './machine-arns.ts';
import { readSetting } from './read-setting.ts';

/** What every function has. */
export type Base = Pick<EnginePorts, 'table' | 'executions' | 'clock' | 'ids'>;

/** What a function has besides, or instead. */
export type Part = (base: Base) => Partial<EnginePorts>;

/** Made at the first call, so that importing a function needs no settings, and kept as long as Lambda keeps the process. */
export function engine(...parts: readonly Part[]): () => EngineContext {
  let made: EngineContext | undefined;
  return () => (made ??= compose(parts));
}

function compose(parts: readonly Part[]): EngineContext {
  const table = dynamodbTable({ tableName: readSetting('table') });
  const clock = systemClock();
  const ids = systemIds();
  const executions = stepFunctionsExecutions({ machineArnOf: machineArns(table) });
  const base: Base = { table, executions, clock, ids };
  const ports: EnginePorts = {
    ...base,
    channels: configuredChannels({}),
    // Nobody knows whether another process still works at what it has claimed: the lease decides.
    process: { id: ids.next(clock.now()), mayBeAlive: () => true },
  };
  return engineContext(Object.assign(ports, ...parts.map((part) => part(base))) as EnginePorts, {
    nodeTypes,
    compile: compileJourney,
    templatesMustExist: true,
  });
}
