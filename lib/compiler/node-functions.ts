/**
 * The functions that states call. A compiled machine names them by placeholder; a deployment fills in the ARNs, the embedded
 * runtime calls its own. One function per family keeps each one's permissions small.
 */
import type { NodeType } from '../nodes/node-type.ts';

export const nodeFunctions = [
  'EntryFunction',
  'ChannelFunction',
  'LogicFunction',
  'DataFunction',
  'WaitFunction',
  'ExitFunction',
  'ResolveWaitFunction',
  'FailInstanceFunction',
] as const;

export type NodeFunction = (typeof nodeFunctions)[number];

/** How a compiled machine spells a function: `${ChannelFunction}`. */
export function placeholder(name: NodeFunction): string {
  return `\${${name}}`;
}

/** The function that runs nodes of this type. */
export function functionOf(type: NodeType): NodeFunction {
  if (type.parking !== undefined) return 'WaitFunction';
  switch (type.category) {
    case 'entry':
      return 'EntryFunction';
    case 'channel':
      return 'ChannelFunction';
    case 'logic':
      return 'LogicFunction';
    case 'data':
      return 'DataFunction';
    case 'exit':
      return 'ExitFunction';
  }
}
