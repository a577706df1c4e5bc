/** Journey JSON -> a graph that can be published, or everything that is wrong with it, of form and of meaning, in one answer. */
import type { Problem } from '../kalcifer-error.ts';
import type { Graph } from './graph.ts';
import type { NodeShapes } from './node-shape.ts';
import { parseGraph } from './parse.ts';
import { validateGraph } from './validate.ts';

export interface CheckedGraph {
  /** Present when the form is right, whatever the rules say. */
  readonly graph?: Graph;
  /** The graph can be published when there are none. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** @param nodeTypes the catalogue, by type name */
export function checkGraph(drawn: unknown, nodeTypes: NodeShapes): CheckedGraph {
  const parsed = parseGraph(drawn);
  if ('graph' in parsed) return { graph: parsed.graph, ...validateGraph(parsed.graph, nodeTypes) };
  if (parsed.readable === undefined) return { problems: parsed.problems, warnings: [] };
  const { problems, warnings } = validateGraph(parsed.readable, nodeTypes);
  return { problems: [...parsed.problems, ...problems], warnings };
}
