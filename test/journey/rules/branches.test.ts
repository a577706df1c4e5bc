/** G8 and G9: branches and the edges that carry them. */
import { describe, expect, test } from 'vitest';
import { drawGraph } from '../../support/graphs.ts';
import { problemsOf } from '../../support/graphs-checked.ts';

const ends = {
  in: ['event_entry', { event_type: 'go' }],
  x: ['exit'],
  y: ['exit'],
  z: ['exit'],
} as const;

describe('a branch without an edge', () => {
  const missing = (
    node: readonly [string, Record<string, unknown>],
    ...edges: string[]
  ): string[] =>
    problemsOf('graph.missing_branch', drawGraph({ ...ends, n: node }, ['in -> n', ...edges])).map(
      ({ message }) => message,
    );

  test('is refused for each branch of a condition', () => {
    const drawn = drawGraph({ ...ends, n: ['condition', { field: 'event.x', value: 1 }] }, [
      'in -> n',
      'n -> x [true]',
    ]);
    expect(problemsOf('graph.missing_branch', drawn)).toEqual([
      {
        code: 'graph.missing_branch',
        node: 'n',
        message: 'missing branch "false": no edge leaves "n" by it',
        hint: 'Draw an edge with the branch "false".',
      },
    ]);
  });

  test('is refused for the names that a wait was given', () => {
    const config = {
      event_type: 'e',
      timeout: '1d',
      event_branch: 'opened',
      timeout_branch: 'ignored',
    };
    expect(missing(['wait_for_event', config], 'n -> x [opened]', 'n -> y [timed_out]')).toEqual([
      'missing branch "ignored": no edge leaves "n" by it',
    ]);
  });

  test('is refused for each variant of a split', () => {
    const variants = ['a', 'b', 'c'].map((key) => ({ key, weight: 1 }));
    expect(missing(['ab_split', { variants }], 'n -> x [a]', 'n -> y [b]')).toEqual([
      'missing branch "c": no edge leaves "n" by it',
    ]);
  });

  test('is refused also where the configuration is not readable, if it cannot matter', () => {
    expect(missing(['condition', { op: 'like' }], 'n -> x [true]')).toEqual([
      'missing branch "false": no edge leaves "n" by it',
    ]);
    expect(missing(['wait_for_event', {}], 'n -> x [timed_out]')).toEqual([]);
  });
});

describe('a branch that its node cannot take', () => {
  const unknown = (
    node: readonly [string, Record<string, unknown>],
    ...edges: string[]
  ): readonly unknown[] =>
    problemsOf('graph.unknown_branch', drawGraph({ ...ends, n: node }, ['in -> n', ...edges]));

  test('is refused with those that it can take', () => {
    expect(
      unknown(
        ['condition', { field: 'event.x', value: 1 }],
        'n -> x [true]',
        'n -> y [false]',
        'n -> z [maybe]',
      ),
    ).toEqual([
      {
        code: 'graph.unknown_branch',
        node: 'n',
        edge: 'n -> z [maybe]',
        message: 'unknown branch "maybe": "n" never takes it',
        hint: '"n" can take "true", "false".',
      },
    ]);
  });

  test('is refused when a branching node has an edge without one', () => {
    expect(
      unknown(
        ['condition', { field: 'event.x', value: 1 }],
        'n -> x [true]',
        'n -> y [false]',
        'n -> z',
      ),
    ).toEqual([
      {
        code: 'graph.unknown_branch',
        node: 'n',
        edge: 'n -> z',
        message: 'unknown branch: an edge leaves "n" without saying by which branch',
        hint: '"n" can take "true", "false".',
      },
    ]);
  });

  test('is refused when a node that does not branch has an edge with one', () => {
    expect(unknown(['add_tag', { tag: 't' }], 'n -> x [true]')).toEqual([
      {
        code: 'graph.unknown_branch',
        node: 'n',
        edge: 'n -> x [true]',
        message: 'unknown branch "true": "n" is of type add_tag, which does not branch',
        hint: 'Remove the branch from the edge.',
      },
    ]);
  });

  test('is not looked for at nodes of unknown type or unreadable branches', () => {
    expect(unknown(['nonsense', {}], 'n -> x [true]', 'n -> y')).toEqual([]);
    expect(unknown(['ab_split', {}], 'n -> x [a]', 'n -> y')).toEqual([]);
  });
});
