/** Acceptance scenario S20 and semantics 2.2: what publishing accepts, and graphs with many faults at once. */
import { describe, expect, test } from 'vitest';
import { graphProblemCodes } from '../../lib/journey/graph-problem.ts';
import {
  drawGraph,
  simpleEmailJourney,
  simpleJourney,
  twoEntriesJourney,
  twoSplitsJourney,
  waitForEventJourney,
  waitJourney,
  type DrawnJson,
} from '../support/graphs.ts';
import { check } from '../support/graphs-checked.ts';

const go = ['event_entry', { event_type: 'go' }] as const;
const exit = ['exit'] as const;

const variantsOf = (...keys: string[]): { variants: object[] } => ({
  variants: keys.map((key) => ({ key, weight: 1 })),
});

/** Between an entry and two exits. */
function around(node: readonly [string, Record<string, unknown>?], ...edges: string[]): DrawnJson {
  return drawGraph({ in: go, n: node, x: exit, y: exit }, ['in -> n', ...edges]);
}

describe('validateGraph accepts', () => {
  test.each([
    ['entry to exit', simpleJourney()],
    ['several entries', twoEntriesJourney()],
    ['the journey of S1', simpleEmailJourney()],
    ['the journey of S2', simpleEmailJourney({ timeout: '100ms' })],
    ['the journey of S19', twoSplitsJourney()],
    ['a wait', waitJourney()],
    ['a wait for an event', waitForEventJourney()],
    ['a split of two', around(['ab_split', variantsOf('a', 'b')], 'n -> x [a]', 'n -> y [b]')],
    [
      'a split of five',
      around(
        ['ab_split', variantsOf('a', 'b', 'c', 'd', 'e')],
        'n -> x [a]',
        'n -> x [b]',
        'n -> x [c]',
        'n -> x [d]',
        'n -> y [e]',
      ),
    ],
    [
      'branches with names of their own',
      around(
        [
          'wait_for_event',
          { event_type: 'e', timeout: '1d', event_branch: 'yes', timeout_branch: 'no' },
        ],
        'n -> x [yes]',
        'n -> y [no]',
      ),
    ],
  ])('%s', (_name, drawn) => {
    expect(check(drawn)).toEqual({ problems: [], warnings: [] });
  });

  test('a branch that ends in an e-mail, with a warning (W2)', () => {
    const drawn = simpleEmailJourney();
    drawn.nodes.pop();
    drawn.edges.pop();
    const { problems, warnings } = check(drawn);
    expect(problems).toEqual([]);
    expect(warnings.map(({ code, node }) => [code, node])).toEqual([['graph.open_end', 'email_2']]);
  });
});

describe('a graph with many faults', () => {
  const drawn = {
    nodes: [
      { id: 'in', type: 'event_entry', config: { event_type: 'go' } },
      { id: 'pigeon', type: 'send_pigeon' },
      { id: 'if', type: 'condition', config: { field: 'event.x', value: 1 } },
      { id: 'wait', type: 'wait', config: { duration: '30' } },
      { id: 'split', type: 'ab_split', config: variantsOf('a', 'b', 'c') },
      { id: 'a', type: 'add_tag', config: { tag: 'a' } },
      { id: 'b', type: 'add_tag', config: { tag: 'b' } },
      { id: 'x', type: 'exit' },
      { id: 'x', type: 'exit' },
      { id: 'lost', type: 'remove_tag', config: { tag: 'a' } },
    ],
    edges: [
      { source: 'in', target: 'pigeon' },
      { source: 'pigeon', target: 'if' },
      { source: 'if', target: 'wait', branch: 'true' },
      { source: 'if', target: 'x', branch: 'no' },
      { source: 'wait', target: 'split' },
      { source: 'wait', target: 'nowhere' },
      { source: 'split', target: 'a', branch: 'a' },
      { source: 'split', target: 'b', branch: 'b' },
      { source: 'a', target: 'b' },
      { source: 'b', target: 'a' },
      { source: 'a', target: 'x' },
      { source: 'x', target: 'in' },
    ],
  };

  test('is answered with every one of them, each with its code', () => {
    expect(check(drawn).problems.map(({ code, node, edge }) => [code, node ?? edge])).toEqual([
      ['graph.duplicate', 'x'],
      ['graph.unknown_node_type', 'pigeon'],
      ['graph.unknown_node', 'wait -> nowhere'],
      ['graph.cycle', 'a'],
      ['graph.cycle', 'in'],
      ['graph.unreachable', 'lost'],
      ['graph.missing_branch', 'if'],
      ['graph.missing_branch', 'split'],
      ['graph.unknown_branch', 'if'],
      ['graph.entry_has_incoming', 'in'],
      ['graph.end_has_outgoing', 'x'],
      ['graph.node_config', 'wait'],
    ]);
  });

  test('is answered the same whatever the order of its nodes and edges', () => {
    const turned = { nodes: [...drawn.nodes].reverse(), edges: [...drawn.edges].reverse() };
    const faults = (graph: unknown): string[] =>
      [...new Set(check(graph).problems.map(({ code }) => code))].sort();
    expect(faults(turned)).toEqual(faults(drawn));
  });

  test('keeps faults of several nodes apart', () => {
    const { problems } = check(
      drawGraph(
        {
          in: go,
          w1: ['wait', { duration: '-1d' }],
          w2: ['wait', {}],
          if: ['condition', { field: 'event.x', value: null }],
        },
        ['in -> w1', 'w1 -> w2', 'w2 -> if'],
      ),
    );
    expect(problems.map(({ code, node }) => [code, node])).toEqual([
      ['graph.missing_branch', 'if'],
      ['graph.missing_branch', 'if'],
      ['graph.node_config', 'w1'],
      ['graph.node_config', 'w2'],
      ['graph.node_config', 'if'],
    ]);
  });
});

test('every code of a problem is in the table, and every problem says what to do or where', () => {
  const { problems } = check(drawGraph({ a: ['wait', {}], b: ['nope'] }, ['a -> c', 'a -> b']));
  expect(problems.length).toBeGreaterThan(3);
  for (const problem of problems) {
    expect(Object.keys(graphProblemCodes)).toContain(problem.code);
    expect(problem.hint ?? problem.path).toBeDefined();
  }
});
