/** The code of a graph has to be readable, and allowed here, before it can be published. */
import type { Graph } from '../../journey/graph.ts';
import type { Problem } from '../../kalcifer-error.ts';
import type { EngineContext } from '../engine-context.ts';

export async function codeProblems(
  ctx: Pick<EngineContext, 'nodeTypes' | 'code'>,
  graph: Graph,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const [at, node] of graph.nodes.entries()) {
    const type = ctx.nodeTypes.get(node.type);
    const source = type?.code?.(type.config.parse(node.config ?? {}));
    if (source === undefined) continue;
    if (ctx.code === undefined) {
      problems.push({
        code: 'graph.code_disabled',
        node: node.id,
        message: `node "${node.id}" runs custom code, which is switched off here`,
        hint: 'Say it with other nodes, or have custom code switched on.',
      });
      continue;
    }
    const wrong = await ctx.code.check(source);
    if (wrong === undefined) continue;
    problems.push({
      code: 'graph.code_syntax',
      node: node.id,
      path: `nodes[${at}].config.source`,
      message: `the code of node "${node.id}" cannot be read: ${wrong}`,
      hint: 'Lines are counted from the beginning of the source.',
    });
  }
  return problems;
}
