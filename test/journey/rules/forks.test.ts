/** G13 and W1: what becomes of parallel branches. */
import { describe, expect, test } from 'vitest';
import { drawGraph } from '../../support/graphs.ts';
import { check, problemsOf } from '../../support/graphs-checked.ts';

const tag = ['add_tag', { tag: 't' }] as const;
const nodes = {
  in: ['event_entry', { event_type: 'go' }],
  a: tag,
  b: tag,
  c: tag,
  m: tag,
  j: tag,
} as const;
const out = ['exit'] as const;
const isGold = ['condition', { field: 'event.x', value: 1 }] as const;

describe('a fork', () => {
  test('whose branches meet in one place after another is refused, with two ways out', () => {
    const drawn = drawGraph({ ...nodes, out }, [
      'in -> a',
      'in -> b',
      'in -> c',
      'a -> m',
      'b -> m',
      'm -> j',
      'c -> j',
      'j -> out',
    ]);
    expect(check(drawn).problems).toEqual([
      {
        code: 'graph.unstructured_parallel',
        node: 'in',
        message:
          'unstructured parallel: the branches that leave "in" to "a", "b", "c" come together in several places: "m", "j"',
        hint: 'Lead the edge c -> j to "m" instead, or insert a node behind "in" that leads to "a", "b", so that these join in "m" first.',
      },
    ]);
  });

  test('is accepted once either way out is taken', () => {
    const redirected = ['in -> a', 'in -> b', 'in -> c', 'a -> m', 'b -> m', 'm -> j', 'c -> m'];
    const inserted = ['in -> x', 'in -> c', 'x -> a', 'x -> b', 'a -> m', 'b -> m', 'm -> j'];
    expect(check(drawGraph({ ...nodes, out }, [...redirected, 'j -> out']))).toEqual({
      problems: [],
      warnings: [],
    });
    expect(
      check(drawGraph({ ...nodes, x: tag, out }, [...inserted, 'c -> j', 'j -> out'])),
    ).toEqual({ problems: [], warnings: [] });
  });

  test('of one branch of a node is named with the branch', () => {
    const drawn = drawGraph({ ...nodes, if: isGold, out }, [
      'in -> if',
      'if -> a [true]',
      'if -> b [true]',
      'if -> c [false]',
      'a -> m',
      'a -> j',
      'b -> m',
      'b -> j',
      'c -> j',
      'm -> out',
      'j -> out',
    ]);
    expect(
      problemsOf('graph.unstructured_parallel', drawn).map(({ node, message }) => [node, message]),
    ).toEqual([
      [
        'if',
        'unstructured parallel: the branches that leave "if" to "a", "b" by its branch "true" come together in several places: "j", "m"',
      ],
    ]);
  });

  test.each([
    ['joins at a shared exit', ['in -> a', 'in -> b', 'a -> out', 'b -> out']],
    ['has a branch without nodes', ['in -> a', 'in -> out', 'a -> out']],
    ['never joins', ['in -> a', 'in -> b', 'b -> c']],
    [
      'has a leaf in a branch',
      ['in -> if', 'in -> b', 'if -> a [true]', 'if -> out [false]', 'b -> out'],
    ],
    ['has a private exit deep in a branch', ['in -> a', 'in -> b', 'a -> c', 'c -> out', 'b -> m']],
    [
      'stands in a branch and shares its join',
      ['in -> a', 'in -> b', 'a -> c', 'a -> m', 'c -> j', 'm -> j', 'b -> j'],
    ],
    [
      'stands beside a path into its branch',
      ['in -> if', 'if -> a [true]', 'if -> b [false]', 'a -> b', 'a -> c', 'b -> j', 'c -> j'],
    ],
  ])('that %s is accepted', (_what, edges) => {
    const used = Object.entries({ ...nodes, if: isGold, out }).filter(([id]) =>
      edges.some((edge) => edge.split(' ').includes(id)),
    );
    expect(check(drawGraph(Object.fromEntries(used), edges)).problems).toEqual([]);
  });

  test.each([
    ['the same edge drawn twice', ['in -> a', 'in -> a']],
    ['an edge to a node that does not exist', ['in -> a', 'in -> nowhere']],
    ['edges whose branches are wrong', ['in -> a [x]', 'in -> b [y]']],
    ['edges out of an end node', ['in -> out', 'out -> a', 'out -> b']],
    ['nodes that lead back to themselves', ['in -> a', 'in -> b', 'a -> c', 'b -> c', 'c -> a']],
  ])('is not seen in %s', (_name, edges) => {
    const drawn = drawGraph({ ...nodes, out }, edges);
    expect(problemsOf('graph.unstructured_parallel', drawn)).toEqual([]);
  });

  test('is not looked for at nodes of unknown type', () => {
    const drawn = drawGraph({ ...nodes, in: ['event_entri'] }, ['in -> a', 'in -> b']);
    expect(problemsOf('graph.unstructured_parallel', drawn)).toEqual([]);
  });
});

describe('an end that a fork leads to at once', () => {
  const mail = ['send_email', { template_id: 't' }] as const;

  test('warns of the siblings that never run, in either order (S6)', () => {
    for (const edges of [
      ['in -> mail', 'in -> out'],
      ['in -> out', 'in -> mail'],
    ]) {
      const { problems, warnings } = check(drawGraph({ in: nodes.in, mail, out }, edges));
      expect(problems).toEqual([]);
      expect(warnings).toContainEqual({
        code: 'graph.dead_siblings',
        node: 'in',
        message: 'dead siblings (W1): "in" leads to the end "out" at once, so "mail" never runs',
        hint: 'Lead to "out" only after "mail", or remove one of these edges.',
      });
    }
  });

  test('keeps the first by name when there are several', () => {
    const drawn = drawGraph({ in: nodes.in, z: out, y: out, mail }, [
      'in -> z',
      'in -> mail',
      'in -> y',
    ]);
    expect(check(drawn).warnings.map(({ message }) => message)).toContain(
      'dead siblings (W1): "in" leads to the end "y" at once, so "z", "mail" never run',
    );
  });

  test('does not warn where a sibling leads to it: then it joins', () => {
    const drawn = drawGraph({ in: nodes.in, mail, out }, [
      'in -> mail',
      'in -> out',
      'mail -> out',
    ]);
    expect(check(drawn)).toEqual({ problems: [], warnings: [] });
  });
});
