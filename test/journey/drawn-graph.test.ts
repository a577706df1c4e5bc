/** The layout that all rules share, for graphs with any faults. */
import { describe, expect, test } from 'vitest';
import { edgeKey, layOut, meantNode, quoted } from '../../lib/journey/drawn-graph.ts';
import { parseGraph } from '../../lib/journey/parse.ts';
import { nodeTypes } from '../../lib/nodes/catalogue.ts';
import { drawGraph, type DrawnJson } from '../support/graphs.ts';

function laidOut(drawn: DrawnJson): ReturnType<typeof layOut> {
  const parsed = parseGraph(drawn);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return layOut(parsed.graph, nodeTypes);
}

describe('layOut', () => {
  const drawn = laidOut({
    nodes: [
      { id: 'in', type: 'event_entry', config: { event_type: 'go' } },
      { id: 'w', type: 'wait', config: { duration: '1h' } },
      { id: 'w', type: 'exit' },
      { id: 'odd', type: 'nonsense' },
      { id: 'bad', type: 'wait_for_event' },
      { id: 'end', type: 'exit', config: { reason: 5 } },
    ],
    edges: [
      { source: 'in', target: 'w' },
      { source: 'in', target: 'w' },
      { source: 'in', target: 'w', branch: 'x' },
      { source: 'in', target: 'gone' },
    ],
  });

  test('keeps the first node of each id', () => {
    expect(drawn.nodes).toHaveLength(6);
    expect([...drawn.byId].map(([id, { at }]) => [id, at])).toEqual([
      ['in', 0],
      ['w', 1],
      ['odd', 3],
      ['bad', 4],
      ['end', 5],
    ]);
  });

  test('keeps each way of leaving once, and as successors only nodes that exist', () => {
    expect(drawn.leaving.get('in')?.map(edgeKey)).toEqual([
      '["in","w",null]',
      '["in","w","x"]',
      '["in","gone",null]',
    ]);
    expect(drawn.successors.get('in')).toEqual(['w']);
  });

  test('asks the node types what each configuration means', () => {
    expect(drawn.byId.get('in')?.entry).toEqual({ kind: 'event', eventType: 'go' });
    expect(drawn.byId.get('w')?.parking).toEqual({ kind: 'fixed', durationMs: 3_600_000 });
    expect(drawn.byId.get('w')?.ends).toBe(false);
  });

  test('knows of unreadable configurations only what holds for any', () => {
    expect(drawn.byId.get('bad')).toMatchObject({ branches: undefined, ends: false });
    expect(drawn.byId.get('end')).toMatchObject({ ends: true });
    expect(drawn.byId.get('odd')).toMatchObject({ branches: undefined, ends: undefined });
  });
});

describe('meantNode', () => {
  test('finds the node that a misspelt name means', () => {
    expect(meantNode(laidOut(drawGraph({ email_1: ['exit'] }, [])), 'emial_1')).toBe('email_1');
  });

  test('does not search graphs that are too large anyway', () => {
    const many = Object.fromEntries(
      Array.from({ length: 501 }, (_, at) => [`node_${at}`, ['exit'] as const]),
    );
    expect(meantNode(laidOut(drawGraph(many, [])), 'node_7x')).toBeUndefined();
  });
});

test('quoted lists names', () => {
  expect(quoted(['a', 'b'])).toBe('"a", "b"');
});
