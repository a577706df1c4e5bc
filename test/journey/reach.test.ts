import { describe, expect, test } from 'vitest';
import { reachOf, type Reach } from '../../lib/journey/reach.ts';

function reachIn(edges: Readonly<Record<string, readonly string[]>>): Reach {
  const reach = reachOf(Object.keys(edges), new Map(Object.entries(edges)));
  if (reach === undefined) throw new Error('there is a cycle');
  return reach;
}

describe('reachOf', () => {
  const { order, reaches, meet } = reachIn({
    a: ['b', 'c'],
    b: ['d'],
    c: ['d', 'e'],
    d: [],
    e: [],
  });

  test('knows which node leads to which, and that each leads to itself', () => {
    expect(['a', 'b', 'c', 'd', 'e'].filter((node) => reaches('c', node))).toEqual(['c', 'd', 'e']);
    expect(reaches('b', 'a')).toBe(false);
    expect(reaches('b', 'e')).toBe(false);
    expect(reaches('a', 'nowhere')).toBe(false);
    expect(reaches('nowhere', 'a')).toBe(false);
  });

  test('tells what one and what several of some nodes lead to', () => {
    expect(meet(['b', 'c']).several).toEqual(['d']);
    expect([...meet(['b', 'c']).once].toSorted()).toEqual(['b', 'c', 'e']);
  });

  test('puts each node after all that lead to it', () => {
    expect(order[0]).toBe('a');
    expect(order.indexOf('d')).toBeGreaterThan(order.indexOf('b'));
    expect(order.indexOf('d')).toBeGreaterThan(order.indexOf('c'));
  });

  test('holds for more nodes than a word has bits', () => {
    const ids = Array.from({ length: 100 }, (_, at) => `n${at}`);
    const row = reachIn(Object.fromEntries(ids.map((id, at) => [id, ids.slice(at + 1, at + 2)])));
    expect(row.reaches('n0', 'n99')).toBe(true);
    expect(row.reaches('n31', 'n32')).toBe(true);
    expect(row.reaches('n64', 'n63')).toBe(false);
    expect(row.meet(['n50', 'n98'])).toEqual({ once: ids.slice(50, 98), several: ['n98', 'n99'] });
  });

  test('is undefined for nodes that lead back to themselves', () => {
    expect(
      reachOf(
        ['a', 'b'],
        new Map([
          ['a', ['b']],
          ['b', ['a']],
        ]),
      ),
    ).toBeUndefined();
  });
});
