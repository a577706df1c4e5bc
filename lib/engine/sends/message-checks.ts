/** What the messages of a graph need before it can be published: their templates, for the right channel, and their providers. */
import type { Graph } from '../../journey/graph.ts';
import type { Problem } from '../../kalcifer-error.ts';
import type { MessageRoute } from '../../nodes/node-type.ts';
import type { EngineContext } from '../engine-context.ts';
import { typedNodes, type TypedNode } from '../journeys/typed-nodes.ts';
import { readTemplateIfThere } from './templates.ts';

/** A message whose template or provider is not there would fail every customer who gets that far. */
export async function messageProblems(
  ctx: EngineContext,
  tenant: string,
  graph: Graph,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const node of typedNodes(graph, ctx.nodeTypes, (type) => type.sends !== undefined)) {
    const message = messageOf(node);
    if (message === undefined) continue;
    problems.push(
      ...providerProblems(ctx, node.id, message.route),
      ...(await templateProblems(ctx, tenant, node.id, message)),
    );
  }
  return problems;
}

interface DrawnMessage {
  readonly route: MessageRoute;
  readonly template?: string;
}

/** What a valid node sends; undefined for a node that sends nothing. */
function messageOf({ type, config }: TypedNode): DrawnMessage | undefined {
  if (type.sends === undefined) return undefined;
  const template = type.template?.(config);
  return { route: type.sends(config), ...(template === undefined ? {} : { template }) };
}

function providerProblems(
  ctx: EngineContext,
  node: string,
  { channel, provider }: MessageRoute,
): readonly Problem[] {
  const route = { channel, ...(provider === undefined ? {} : { provider }) };
  if (ctx.channels.find(route) !== undefined) return [];
  const message =
    provider === undefined
      ? `node "${node}" sends by channel ${channel}, which has no provider`
      : `node "${node}" sends by provider "${provider}", which channel ${channel} does not have`;
  const hint = 'Set the provider up, or name one that is there.';
  return [{ code: 'graph.provider_unknown', node, message, hint }];
}

async function templateProblems(
  ctx: EngineContext,
  tenant: string,
  node: string,
  { route, template: id }: DrawnMessage,
): Promise<readonly Problem[]> {
  if (id === undefined) return [];
  const template = await readTemplateIfThere(ctx, { tenant, template: id });
  if (template === undefined) {
    return ctx.templatesMustExist
      ? [
          {
            code: 'graph.template_unknown',
            node,
            message: `node "${node}" uses template "${id}", which does not exist`,
            hint: 'Add the template first.',
          },
        ]
      : [];
  }
  if (template.channel === undefined || template.channel === route.channel) return [];
  return [
    {
      code: 'graph.template_channel',
      node,
      message: `node "${node}" sends by channel ${route.channel}, but template "${id}" is for ${template.channel}`,
      hint: `Use a template for ${route.channel}, or one for no channel in particular.`,
    },
  ];
}
