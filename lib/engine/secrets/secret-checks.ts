/** The secrets that a graph names have to be set before it can be published. */
import type { Graph } from '../../journey/graph.ts';
import type { Problem } from '../../kalcifer-error.ts';
import type { EngineContext } from '../engine-context.ts';
import { readSecret } from './secrets.ts';

/** A secret that nobody has set would fail every call, or let nobody in. */
export async function secretProblems(
  ctx: EngineContext,
  tenant: string,
  graph: Graph,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const node of graph.nodes) {
    const type = ctx.nodeTypes.get(node.type);
    for (const secret of type?.secrets?.(type.config.parse(node.config ?? {})) ?? []) {
      if ((await readSecret(ctx, { tenant, secret })) !== undefined) continue;
      problems.push({
        code: 'graph.secret_unknown',
        node: node.id,
        message: `node "${node.id}" uses the secret "${secret}", which is not set`,
        hint: `Set it first: PUT /v1/secrets/${secret}.`,
      });
    }
  }
  return problems;
}
