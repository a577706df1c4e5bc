/**
 * Publishes a graph as the next version of a journey and makes it the one that new entries use; a graph that is refused changes
 * nothing.
 */
import type { JsonObject } from '../../json.ts';
import type { Graph } from '../../journey/graph.ts';
import type { DrawnSettings } from '../../journey/journey-settings.ts';
import { KalciferError, type Problem } from '../../kalcifer-error.ts';
import type { MachineRef } from '../../ports/executions.ts';
import { checkIds } from '../check-input.ts';
import type { EngineContext } from '../engine-context.ts';
import { lookAgain } from '../look-again.ts';
import { journeyOf, type Journey, type VersionMachine } from '../records/journey.ts';
import { keys } from '../records/keys.ts';
import { activate } from './active-version.ts';
import { draftOf } from './journeys.ts';
import { invalidGraph, publishable } from './publish-checks.ts';
import { machineComment } from './read-machine.ts';

export interface PublishRequest {
  readonly tenant: string;
  readonly journey: string;
  /** As it was drawn; without it, the journey's draft. */
  readonly graph?: unknown;
  /** Caps, re-entry and entry cap; what is left out has its default. */
  readonly settings?: DrawnSettings;
}

export interface Published {
  readonly version: number;
  readonly warnings: readonly Problem[];
}

/** Turns a valid graph into the text of its state machine. */
export type CompileGraph = (
  graph: Graph,
  comment: string,
) => { readonly definition: JsonObject } | { readonly problems: readonly Problem[] };

/**
 * @throws KalciferError `input.invalid`; `journey.invalid` with every problem of the graph; `journey.archived`;
 *   `journey.too_large`; without a graph `journey.unknown`, `journey.no_draft`
 */
export async function publish(ctx: EngineContext, request: PublishRequest): Promise<Published> {
  const { tenant, journey } = request;
  checkIds({ tenant, journey });
  return lookAgain(async () => {
    const before = await findJourney(ctx, tenant, journey);
    const draft = before === undefined ? undefined : await draftOf(ctx, before);
    const drawn = request.graph === undefined ? draft?.graph : request.graph;
    if (drawn === undefined) {
      throw before === undefined
        ? new KalciferError('journey.unknown', `There is no journey "${journey}".`)
        : new KalciferError('journey.no_draft', `Journey "${journey}" has no draft to publish.`);
    }
    const { graph, settings, warnings } = await publishable(ctx, request, drawn);
    const version = draft?.version ?? (before?.latestVersion ?? 0) + 1;
    const place: MachineRef = { tenant, journey, version };
    const machine = await makeMachine(ctx, place, graph);
    const now = ctx.clock.now();
    const answer = await activate(ctx, {
      ...(before === undefined ? {} : { before }),
      version: {
        ...place,
        status: 'published',
        graph: drawn as JsonObject,
        settings,
        createdAt: now,
        publishedAt: now,
      },
      graph,
      machine,
    });
    return answer === 'conflict' ? 'conflict' : { version, warnings };
  });
}

/**
 * The machine is made before the version is written: a version that can be read can be started. When the writing is lost to
 * somebody who was quicker, a machine is left over that no row names. It is never started and costs nothing, and the same graph
 * under the same number would take it up again.
 *
 * @throws KalciferError `journey.invalid` when the compiler refuses the graph
 */
async function makeMachine(
  { compile, machines }: Pick<EngineContext, 'compile' | 'machines'>,
  machine: MachineRef,
  graph: Graph,
): Promise<VersionMachine> {
  const compiled = compile(graph, machineComment(machine));
  if ('problems' in compiled) throw invalidGraph(compiled.problems);
  const { definition } = compiled;
  return machines === undefined
    ? { ...machine, definition: JSON.stringify(definition) }
    : { ...machine, arn: await machines.create({ machine, definition }) };
}

async function findJourney(
  ctx: EngineContext,
  tenant: string,
  id: string,
): Promise<Journey | undefined> {
  const item = await ctx.table.get(keys.journey(tenant, id));
  const journey = item === undefined ? undefined : journeyOf(tenant, item);
  if (journey?.status === 'archived') {
    throw new KalciferError('journey.archived', `Journey "${id}" is archived.`);
  }
  return journey;
}
