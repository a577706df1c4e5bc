/** The state machine of a published version: its text, and where Step Functions has it. */
import type { JsonObject } from '../../json.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import type { MachineRef } from '../../ports/executions.ts';
import type { EngineContext } from '../engine-context.ts';
import { machineOf, type VersionMachine } from '../records/journey.ts';
import { keys } from '../records/keys.ts';
import { invalidGraph } from './publish-checks.ts';
import { readVersion } from './load-version.ts';

/**
 * The text that is run from the table, as it was when the version was published. Where Step Functions keeps it, the version's graph is
 * compiled again: the same text, unless a later release compiles otherwise.
 *
 * @throws KalciferError `journey.version_unknown` when that version was never published
 */
export async function readDefinition(ctx: EngineContext, of: MachineRef): Promise<JsonObject> {
  const { definition } = await readMachine(ctx, of);
  if (definition !== undefined) return JSON.parse(definition) as JsonObject;
  const { graph } = await readVersion(ctx, of);
  const compiled = ctx.compile(graph, machineComment(of));
  if ('problems' in compiled) throw invalidGraph(compiled.problems);
  return compiled.definition;
}

/**
 * @throws KalciferError `journey.version_unknown` when no state machine is known for the version: it was never published, or is
 *   deployed no more; `journey.not_deployed` when it was published where the table keeps the machines
 */
export async function readMachineArn(
  ctx: Pick<EngineContext, 'table'>,
  of: MachineRef,
): Promise<string> {
  const { arn } = await readMachine(ctx, of);
  if (arn !== undefined) return arn;
  throw new KalciferError(
    'journey.not_deployed',
    `Version ${of.version} of journey "${of.journey}" has no state machine in Step Functions: publish it again.`,
  );
}

/** What the machine says it is, wherever it is compiled. */
export function machineComment({ journey, version }: Omit<MachineRef, 'tenant'>): string {
  return `${journey} v${version}`;
}

async function readMachine(
  ctx: Pick<EngineContext, 'table'>,
  { tenant, journey, version }: MachineRef,
): Promise<VersionMachine> {
  const item = await ctx.table.get(keys.machine(tenant, journey, version));
  if (item !== undefined) return machineOf(tenant, journey, item);
  throw new KalciferError(
    'journey.version_unknown',
    `Journey "${journey}" has no version ${version} that can be run.`,
  );
}
