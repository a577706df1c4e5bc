/** Drawn JSON -> what validation says about it, for tests that look at single rules. */
import type { GraphProblem, GraphProblemCode } from '../../lib/journey/graph-problem.ts';
import type { NodeShapes } from '../../lib/journey/node-shape.ts';
import { parseGraph } from '../../lib/journey/parse.ts';
import { validateGraph, type Validation } from '../../lib/journey/validate.ts';
import { nodeTypes } from '../../lib/nodes/catalogue.ts';

/** Problems and warnings; the JSON must at least have the form of a graph. */
export function check(drawn: unknown, types: NodeShapes = nodeTypes): Validation {
  const parsed = parseGraph(drawn);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return validateGraph(parsed.graph, types);
}

/** Only the problems of one kind. */
export function problemsOf(
  code: GraphProblemCode,
  drawn: unknown,
  types: NodeShapes = nodeTypes,
): readonly GraphProblem[] {
  return check(drawn, types).problems.filter((problem) => problem.code === code);
}
