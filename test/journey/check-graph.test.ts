import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../lib/journey/check-graph.ts';
import { nodeTypes } from '../../lib/nodes/catalogue.ts';
import { drawGraph, simpleJourney } from '../support/graphs.ts';

describe('checkGraph', () => {
  it('answers the graph when form and meaning are right', () => {
    const { graph, problems } = checkGraph(simpleJourney(), nodeTypes);
    expect(problems).toEqual([]);
    expect(graph?.nodes.map(({ id }) => id)).toEqual(['entry_1', 'exit_1']);
  });

  it('tells mistakes of form and of meaning in one answer', () => {
    const drawn = drawGraph(
      {
        in: ['event_entry', { event_type: 'go' }],
        a: ['wait', { duration: '1d' }],
        b: ['wait', { duration: 'soon' }],
        lost: ['exit'],
      },
      ['in -> a', 'a -> b', 'b -> a'],
    );
    const { graph, problems } = checkGraph({ ...drawn, colour: 'red' }, nodeTypes);
    expect(graph).toBeUndefined();
    expect(problems.map(({ code, node }) => [code, node])).toEqual([
      ['graph.malformed', undefined],
      ['graph.cycle', 'a'],
      ['graph.unreachable', 'lost'],
      ['graph.node_config', 'b'],
    ]);
  });

  it('keeps to the form when nodes or edges cannot be read at all', () => {
    const { problems } = checkGraph({ nodes: [{ type: 'exit' }], edges: [] }, nodeTypes);
    expect(problems.map(({ path }) => path)).toEqual(['nodes[0].id']);
  });
});
