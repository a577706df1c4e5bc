/** The compiler, given the catalogue: what every place that publishes uses. */
import type { Graph } from '../journey/graph.ts';
import type { JsonObject } from '../json.ts';
import type { Problem } from '../kalcifer-error.ts';
import { nodeTypes } from '../nodes/catalogue.ts';
import { compileGraph } from './compile.ts';

/** @param comment becomes the machine's comment: the journey's name and version */
export function compileJourney(
  graph: Graph,
  comment: string,
): { readonly definition: JsonObject } | { readonly problems: readonly Problem[] } {
  const compiled = compileGraph(graph, nodeTypes, comment);
  return 'problems' in compiled
    ? compiled
    : { definition: compiled.definition as unknown as JsonObject };
}
