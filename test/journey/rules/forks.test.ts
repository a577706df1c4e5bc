/** G13: no node leads to several at once. */
import { describe, expect, test } from 'vitest';
import { drawGraph } from '../../support/graphs.ts';
import { check, problemsOf } from '../../support/graphs-checked.ts';

const tag = ['add_tag', { tag: 't' }] as const;
const nodes = {
  in: ['event_entry', { event_type: 'go' }],
  a: tag,
  b: tag,
  if: ['condition', { field: 'event.x', value: 1 }],
  out: ['exit'],
} as const;
const hint =
  'Parallel branches are not supported yet. Draw the nodes one after another, or split with a condition.';

describe('a fork', () => {
  test('is refused with the nodes that it leads to', () => {
    const drawn = drawGraph(nodes, [
      'in -> a',
      'in -> b',
      'a -> if',
      'b -> if',
      'if -> out [true]',
      'if -> out [false]',
    ]);
    expect(check(drawn).problems).toEqual([
      {
        code: 'graph.unstructured_parallel',
        node: 'in',
        message: 'unstructured parallel: "in" leads to "a", "b" at once',
        hint,
      },
    ]);
  });

  test('is refused where one branch leads to several nodes', () => {
    const drawn = drawGraph(nodes, [
      'in -> if',
      'if -> a [true]',
      'if -> b [true]',
      'if -> out [false]',
    ]);
    expect(problemsOf('graph.unstructured_parallel', drawn)).toEqual([
      {
        code: 'graph.unstructured_parallel',
        node: 'if',
        message: 'unstructured parallel: "if" leads to "a", "b" at once by its branch "true"',
        hint,
      },
    ]);
  });

  test('is refused where an exit stands beside a mail, in either order (S6)', () => {
    const mail = { ...nodes, a: ['send_email', { template_id: 't' }] } as const;
    for (const edges of [
      ['in -> a', 'in -> out'],
      ['in -> out', 'in -> a'],
    ]) {
      expect(problemsOf('graph.unstructured_parallel', drawGraph(mail, edges))).toHaveLength(1);
    }
  });

  test.each([
    ['the same edge drawn twice', ['in -> a', 'in -> a']],
    ['an edge to a node that does not exist', ['in -> a', 'in -> nowhere']],
    ['edges whose branches are wrong', ['in -> a [x]', 'in -> b [y]']],
    ['branches that meet', ['in -> if', 'if -> a [true]', 'if -> a [false]']],
    ['edges out of an end node', ['in -> out', 'out -> a', 'out -> b']],
  ])('is not %s', (_name, edges) => {
    expect(problemsOf('graph.unstructured_parallel', drawGraph(nodes, edges))).toEqual([]);
  });

  test('is not looked for at nodes of unknown type', () => {
    const drawn = drawGraph({ ...nodes, in: ['event_entri'] }, ['in -> a', 'in -> b']);
    expect(problemsOf('graph.unstructured_parallel', drawn)).toEqual([]);
  });
});
