/** The code of a graph has to be readable, and allowed here, before it can be published. */
import type { Graph } from '../../journey/graph.ts';
import type { Problem } from '../../kalcifer-error.ts';
import type { EngineContext } from '../engine-context.ts';
import { typedNodes } from './typed-nodes.ts';

export async function codeProblems(
  ctx: Pick<EngineContext, 'nodeTypes' | 'code'>,
  graph: Graph,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const coded = typedNodes(graph, ctx.nodeTypes, (type) => type.code !== undefined);
  for (const { id, type, config, place } of coded) {
    const source = type.code?.(config);
    if (source === undefined) continue;
    if (ctx.code === undefined) {
      problems.push({
        code: 'graph.code_disabled',
        node: id,
        message: `node "${id}" runs custom code, which is switched off here`,
        hint: 'Say it with other nodes, or have custom code switched on.',
      });
      continue;
    }
    const wrong = await ctx.code.check(source);
    if (wrong === undefined) continue;
    problems.push({
      code: 'graph.code_syntax',
      node: id,
      path: `nodes[${place}].config.source`,
      message: `the code of node "${id}" cannot be read: ${wrong}`,
      hint: 'Lines are counted from the beginning of the source.',
    });
  }
  return problems;
}
