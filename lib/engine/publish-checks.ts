/** What makes a graph publishable: form, meaning, what this release can run, and the templates it needs. */
import { checkGraph } from '../journey/check-graph.ts';
import type { Graph } from '../journey/graph.ts';
import { KalciferError, type Problem } from '../kalcifer-error.ts';
import type { EngineContext } from './engine-context.ts';
import { messageProblems } from './message-checks.ts';

/** @throws KalciferError `journey.invalid` with every problem of the graph */
export async function publishableGraph(
  ctx: EngineContext,
  tenant: string,
  drawn: unknown,
): Promise<{ readonly graph: Graph; readonly warnings: readonly Problem[] }> {
  const { graph, problems, warnings } = checkGraph(drawn, ctx.nodeTypes);
  if (graph === undefined) throw invalidGraph(problems);
  const all = [
    ...problems,
    ...notSupportedYet(graph),
    ...(problems.length > 0 ? [] : await messageProblems(ctx, tenant, graph)),
  ];
  if (all.length > 0) throw invalidGraph(all);
  return { graph, warnings };
}

export function invalidGraph(problems: readonly Problem[]): KalciferError {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const [first] = problems;
  return new KalciferError(
    'journey.invalid',
    `The graph has ${count}: ${first?.message ?? ''}${problems.length > 1 ? ' ...' : ''}`,
    { problems },
  );
}

/** What a graph may say but this release cannot do yet is refused, never ignored. */
export function notSupportedYet(graph: Graph): readonly Problem[] {
  return [...(graph.frequencyCaps.length > 0 ? [notYet('frequency_cap')] : [])];
}

function notYet(path: string): Problem {
  return {
    code: 'graph.not_supported',
    path,
    message: `${path} is not supported yet`,
    hint: 'Remove it from the graph.',
  };
}
