/** The secrets that a graph names have to be set before it can be published. */
import type { Graph } from '../../journey/graph.ts';
import type { Problem } from '../../kalcifer-error.ts';
import type { EngineContext } from '../engine-context.ts';
import { typedNodes } from '../journeys/typed-nodes.ts';
import { readSecret } from './secrets.ts';

/** A secret that nobody has set would fail every call, or let nobody in. */
export async function secretProblems(
  ctx: EngineContext,
  tenant: string,
  graph: Graph,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const named = typedNodes(graph, ctx.nodeTypes, (type) => type.secrets !== undefined);
  for (const { id: node, type, config } of named) {
    for (const secret of type.secrets?.(config) ?? []) {
      if ((await readSecret(ctx, { tenant, secret })) !== undefined) continue;
      problems.push({
        code: 'graph.secret_unknown',
        node,
        message: `node "${node}" uses the secret "${secret}", which is not set`,
        hint: `Set it first: PUT /v1/secrets/${secret}.`,
      });
    }
  }
  return problems;
}
