/** G6: nothing leads back to itself. */
import { describe, expect, test } from 'vitest';
import { drawGraph } from '../../support/graphs.ts';
import { problemsOf } from '../../support/graphs-checked.ts';

describe('a cycle', () => {
  const tag = ['add_tag', { tag: 't' }] as const;
  const nodes = {
    in: ['event_entry', { event_type: 'go' }],
    a: tag,
    b: tag,
    c: tag,
    d: tag,
  } as const;
  const cyclesOf = (...edges: string[]): (readonly [string | undefined, string])[] =>
    problemsOf('graph.cycle', drawGraph(nodes, edges)).map(
      ({ node, message }) => [node, message] as const,
    );

  test('is reported with the nodes on it, in order', () => {
    expect(
      problemsOf('graph.cycle', drawGraph(nodes, ['in -> a', 'a -> b', 'b -> c', 'c -> a'])),
    ).toEqual([
      {
        code: 'graph.cycle',
        node: 'a',
        message: 'cycle: a -> b -> c -> a',
        hint: 'Remove one of these edges. To repeat something, let the customer enter the journey again.',
      },
    ]);
  });

  test('may be a node that leads to itself', () => {
    expect(cyclesOf('in -> a', 'a -> a')).toEqual([['a', 'cycle: a -> a']]);
  });

  test('may go through the entry', () => {
    expect(cyclesOf('in -> a', 'a -> in')).toEqual([['in', 'cycle: in -> a -> in']]);
  });

  test('is found where no entry leads', () => {
    expect(cyclesOf('in -> a', 'c -> d', 'd -> c')).toEqual([['c', 'cycle: c -> d -> c']]);
  });

  test('is reported beside others', () => {
    expect(cyclesOf('in -> a', 'a -> b', 'b -> a', 'c -> d', 'd -> c')).toEqual([
      ['a', 'cycle: a -> b -> a'],
      ['c', 'cycle: c -> d -> c'],
    ]);
  });

  test('is not a diamond', () => {
    expect(cyclesOf('in -> a', 'a -> b', 'a -> c', 'b -> d', 'c -> d')).toEqual([]);
  });

  test('of many nodes is named by its beginning and its length', () => {
    const names = Array.from({ length: 5_000 }, (_, at) => `n${at}`);
    const long = Object.fromEntries(names.map((name) => [name, tag]));
    const edges = names.map((name, at) => `${name} -> n${(at + 1) % names.length}`);
    const [problem] = problemsOf('graph.cycle', drawGraph(long, edges));
    expect(problem?.message).toMatch(
      /^cycle: n0 -> n1 -> .* -> n18 -> \.\.\. -> n0 \(5000 nodes\)$/,
    );
  });
});
