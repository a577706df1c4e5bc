import { describe, expect, test } from 'vitest';
import { nodesOnlyThrough } from '../../lib/journey/only-through.ts';
import type { Graph } from '../../lib/journey/graph.ts';

/** Edges as `a -> b` or `a -> b [branch]`; nothing else of a graph matters here. */
function graphOf(...edges: string[]): Graph {
  return {
    nodes: [],
    edges: edges.map((text) => {
      const [, source = '', target = '', branch] =
        /^(\S+) -> (\S+)(?: \[(.+)\])?$/.exec(text) ?? [];
      return { source, target, ...(branch === undefined ? {} : { branch }) };
    }),
    exitCriteria: [],
    frequencyCaps: [],
  };
}

const gate = { node: 'cap', branch: 'allowed' };
const behind = (entries: string[], ...edges: string[]): string[] =>
  [...nodesOnlyThrough(graphOf(...edges), entries, gate)].toSorted();

describe('nodesOnlyThrough', () => {
  test('finds everything behind the branch, however far', () => {
    expect(
      behind(['in'], 'in -> cap', 'cap -> a [allowed]', 'a -> b', 'b -> c', 'cap -> z [capped]'),
    ).toEqual(['a', 'b', 'c']);
  });

  test('leaves out what the other branch leads to as well', () => {
    expect(
      behind(['in'], 'in -> cap', 'cap -> a [allowed]', 'cap -> z [capped]', 'a -> m', 'z -> m'),
    ).toEqual(['a']);
  });

  test('leaves out what another entry leads to', () => {
    const edges = ['in -> cap', 'cap -> a [allowed]', 'a -> m', 'cap -> z [capped]', 'other -> m'];
    expect(behind(['in', 'other'], ...edges)).toEqual(['a']);
    expect(behind(['in'], ...edges)).toEqual(['a', 'm']);
  });

  test('leaves out a target of both branches', () => {
    expect(behind(['in'], 'in -> cap', 'cap -> a [allowed]', 'cap -> a [capped]')).toEqual([]);
  });

  test('leaves out what a way around the node leads to', () => {
    expect(
      behind(
        ['in'],
        'in -> split',
        'split -> cap [x]',
        'split -> m [y]',
        'cap -> a [allowed]',
        'a -> m',
        'cap -> z [capped]',
      ),
    ).toEqual(['a']);
  });

  test('follows all edges of a branch that forks, and of what is parallel behind it', () => {
    expect(
      behind(
        ['in'],
        'in -> cap',
        'cap -> a [allowed]',
        'cap -> b [allowed]',
        'a -> j',
        'b -> j',
        'cap -> z [capped]',
      ),
    ).toEqual(['a', 'b', 'j']);
  });

  test('sees through a second cap behind the first', () => {
    const edges = [
      'in -> first',
      'first -> cap [allowed]',
      'first -> z [capped]',
      'cap -> m [allowed]',
      'cap -> z [capped]',
    ];
    const graph = graphOf(...edges);
    expect(
      [...nodesOnlyThrough(graph, ['in'], { node: 'first', branch: 'allowed' })].toSorted(),
    ).toEqual(['cap', 'm']);
    expect([...nodesOnlyThrough(graph, ['in'], gate)]).toEqual(['m']);
  });
});
