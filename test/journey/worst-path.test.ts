/** The costliest way through a graph, which limits and sums are taken over. */
import { describe, expect, test } from 'vitest';
import { topologicalOrder, worstPath } from '../../lib/journey/worst-path.ts';

const diamond = new Map([
  ['a', ['b', 'c']],
  ['b', ['d']],
  ['c', ['d']],
]);
const nodes = ['a', 'b', 'c', 'd'];

describe('worstPath', () => {
  test('takes the costliest way', () => {
    const costs: Record<string, number> = { a: 1, b: 2, c: 5, d: 1 };
    expect(worstPath(nodes, diamond, (node) => costs[node] ?? 0)).toEqual({
      cost: 7,
      nodes: ['a', 'c', 'd'],
    });
  });

  test('begins where it costs most', () => {
    const ways = new Map([
      ['a', ['b']],
      ['x', ['b']],
    ]);
    const costs: Record<string, number> = { a: 1, x: 3, b: 1 };
    expect(worstPath(['a', 'b', 'x'], ways, (node) => costs[node] ?? 0)).toEqual({
      cost: 4,
      nodes: ['x', 'b'],
    });
  });

  test('costs nothing without nodes', () => {
    expect(worstPath([], new Map(), () => 1)).toEqual({ cost: 0, nodes: [] });
  });

  test('does not exist where nodes lead back to themselves', () => {
    expect(
      worstPath(
        ['a', 'b'],
        new Map([
          ['a', ['b']],
          ['b', ['a']],
        ]),
        () => 1,
      ),
    ).toBeUndefined();
  });

  test('walks ten thousand nodes in a row', () => {
    const long = Array.from({ length: 10_000 }, (_, at) => `n${at}`);
    const row = new Map(long.slice(1).map((node, at) => [`n${at}`, [node]]));
    expect(worstPath(long, row, () => 2)?.cost).toBe(20_000);
  });
});

describe('topologicalOrder', () => {
  test('puts each node after all that lead to it', () => {
    const order = topologicalOrder(nodes, diamond) ?? [];
    expect(order).toHaveLength(4);
    expect(order[0]).toBe('a');
    expect(order[3]).toBe('d');
  });

  test('does not exist for a circle', () => {
    expect(topologicalOrder(['a'], new Map([['a', ['a']]]))).toBeUndefined();
  });
});
