/** Acceptance scenario S20 and semantics 2.2: each kind of graph that publishing refuses. */
import { describe, expect, test } from 'vitest';
import { drawGraph, simpleJourney, type DrawnJson } from '../support/graphs.ts';
import { check } from '../support/graphs-checked.ts';

const go = ['event_entry', { event_type: 'go' }] as const;
const tag = ['add_tag', { tag: 't' }] as const;
const exit = ['exit'] as const;

const variantsOf = (...keys: string[]): { variants: object[] } => ({
  variants: keys.map((key) => ({ key, weight: 1 })),
});

/** Between an entry and the exits that the edges name. */
function around(node: readonly [string, Record<string, unknown>?], ...edges: string[]): DrawnJson {
  const exits = ['x', 'y'].filter((id) => edges.some((edge) => edge.includes(`-> ${id}`)));
  const ends = Object.fromEntries(exits.map((id) => [id, exit]));
  return drawGraph({ in: go, n: node, ...ends }, ['in -> n', ...edges]);
}

describe('validateGraph refuses', () => {
  const bad: [string, DrawnJson, string, ...string[]][] = [
    ['no entry', drawGraph({ a: tag, x: exit }, ['a -> x']), 'graph.no_entry', 'entry'],
    [
      'a cycle',
      drawGraph({ in: go, a: tag, b: tag }, ['in -> a', 'a -> b', 'b -> a']),
      'graph.cycle',
      'cycle',
      'a -> b -> a',
    ],
    [
      'an edge from a node to itself',
      drawGraph({ in: go, a: tag }, ['in -> a', 'a -> a']),
      'graph.cycle',
      'cycle',
      'a -> a',
    ],
    [
      'an unreachable node',
      drawGraph({ in: go, x: exit, a: tag }, ['in -> x']),
      'graph.unreachable',
      'unreachable',
      'orphan',
      '"a"',
    ],
    [
      'an unreachable pair',
      drawGraph({ in: go, x: exit, a: tag, b: tag }, ['in -> x', 'a -> b']),
      'graph.unreachable',
      'unreachable',
      '"b"',
    ],
    [
      'an unknown target',
      drawGraph({ in: go, x: exit }, ['in -> x', 'in -> z']),
      'graph.unknown_node',
      'unknown',
      '"z"',
    ],
    [
      'an unknown source',
      drawGraph({ in: go, x: exit }, ['in -> x', 'z -> x']),
      'graph.unknown_node',
      'unknown',
      '"z"',
    ],
    [
      'a cap without a capped edge',
      around(['frequency_cap', { max_messages: 1, time_window: '1d' }], 'n -> x [allowed]'),
      'graph.missing_branch',
      'missing branch',
      '"capped"',
    ],
    [
      'a split of three with two edges',
      around(['ab_split', variantsOf('a', 'b', 'c')], 'n -> x [a]', 'n -> y [b]'),
      'graph.missing_branch',
      'missing branch',
      '"c"',
    ],
    [
      'a wait without its timeout branch',
      around(['wait_for_event', { event_type: 'e', timeout: '1d' }], 'n -> x [event_received]'),
      'graph.missing_branch',
      'missing branch',
      '"timed_out"',
    ],
    [
      'a duplicate node id',
      {
        nodes: [...simpleJourney().nodes, { id: 'exit_1', type: 'exit' }],
        edges: simpleJourney().edges,
      },
      'graph.duplicate',
      'duplicate',
      '"exit_1"',
    ],
    [
      'a duplicate edge',
      drawGraph({ in: go, x: exit }, ['in -> x', 'in -> x']),
      'graph.duplicate',
      'duplicate',
      'in -> x',
    ],
    [
      'an unknown type',
      around(['send_pigeon'], 'n -> x'),
      'graph.unknown_node_type',
      'unknown node type',
      '"send_pigeon"',
    ],
    [
      'a type of the future',
      around(['send_fax', { template_id: 't' }], 'n -> x'),
      'graph.unknown_node_type',
      'unknown node type',
      '"send_fax"',
    ],
    [
      'a branch that the node cannot produce',
      around(
        ['condition', { field: 'event.x', value: 1 }],
        'n -> x [true]',
        'n -> y [false]',
        'n -> x [perhaps]',
      ),
      'graph.unknown_branch',
      'unknown branch',
      '"perhaps"',
    ],
    [
      'an edge into an entry',
      drawGraph({ in: go, in2: go, x: exit }, ['in -> in2', 'in2 -> x']),
      'graph.entry_has_incoming',
      'entry',
      '"in2"',
    ],
    [
      'an edge out of an exit',
      drawGraph({ in: go, x: exit, y: exit }, ['in -> x', 'x -> y']),
      'graph.end_has_outgoing',
      'end node',
      '"x"',
    ],
    [
      'a split with one variant',
      around(['ab_split', variantsOf('a')], 'n -> x [a]'),
      'graph.node_config',
      'config.variants must have at least 2 entries',
    ],
    [
      'a split with six variants',
      around(['ab_split', variantsOf('a', 'b', 'c', 'd', 'e', 'f')]),
      'graph.node_config',
      'config.variants must not have more than 5 entries',
    ],
    [
      'a split whose variants share a key',
      around(['ab_split', variantsOf('a', 'a')], 'n -> x [a]'),
      'graph.node_config',
      'two variants have the key "a"',
    ],
    [
      'a wait for an event without timeout',
      around(
        ['wait_for_event', { event_type: 'e' }],
        'n -> x [event_received]',
        'n -> y [timed_out]',
      ),
      'graph.node_config',
      'config.timeout is required',
    ],
    [
      'a wait for an event with timeout null',
      around(
        ['wait_for_event', { event_type: 'e', timeout: null }],
        'n -> x [event_received]',
        'n -> y [timed_out]',
      ),
      'graph.node_config',
      'config.timeout must be a duration',
    ],
    [
      'a wait whose branches have one name',
      around(
        [
          'wait_for_event',
          { event_type: 'e', timeout: '1d', event_branch: 'b', timeout_branch: 'b' },
        ],
        'n -> x [b]',
      ),
      'graph.node_config',
      'are both "b"',
    ],
    [
      'a negative duration',
      around(['wait', { duration: '-5d' }], 'n -> x'),
      'graph.node_config',
      'config.duration must be a duration',
    ],
    [
      'a duration with blanks',
      around(['wait', { duration: ' 30s ' }], 'n -> x'),
      'graph.node_config',
      'config.duration must be a duration',
    ],
    [
      'a duration without unit',
      around(['wait', { duration: '30' }], 'n -> x'),
      'graph.node_config',
      'config.duration must be a duration',
    ],
    [
      'a cap whose maximum is a text',
      around(
        ['frequency_cap', { max_messages: 'x', time_window: '1d' }],
        'n -> x [allowed]',
        'n -> y [capped]',
      ),
      'graph.node_config',
      'config.max_messages must be a number',
    ],
    [
      'a goal that ends but leads on',
      around(['goal_reached', { goal_name: 'g', exit_after_goal: true }], 'n -> x'),
      'graph.end_has_outgoing',
      'end node',
      '"n"',
    ],
    [
      'a goal that goes on but leads nowhere',
      around(['goal_reached', { goal_name: 'g', exit_after_goal: false }]),
      'graph.missing_edge',
      'no edge leaves it',
    ],
    [
      'a fork whose branches meet in two places',
      drawGraph({ in: go, a: tag, b: tag, c: tag, m: tag, x: exit }, [
        'in -> a',
        'in -> b',
        'in -> c',
        'a -> m',
        'b -> m',
        'c -> x',
        'm -> x',
      ]),
      'graph.unstructured_parallel',
      'unstructured parallel',
      '"in"',
      '"m", "x"',
    ],
    [
      'a malformed condition',
      around(['condition', { field: 'plan', value: 1 }], 'n -> x [true]', 'n -> y [false]'),
      'graph.node_config',
      'config.field must begin with',
    ],
    [
      'a malformed template',
      around(['send_email', { subject: 's', body: '{{ customer.name' }], 'n -> x'),
      'graph.node_config',
      'config.body is not a template: line 1',
    ],
  ];

  test.each(bad)('%s', (_name, drawn, code, ...words) => {
    const { problems } = check(drawn);
    const said = problems.filter((problem) => problem.code === code).map(({ message }) => message);
    for (const word of words) expect(said.join('\n')).toContain(word);
    expect(said).not.toEqual([]);
  });

  test.each(bad)('%s, and finds nothing else wrong', (_name, drawn, code) => {
    expect(new Set(check(drawn).problems.map((problem) => problem.code))).toEqual(new Set([code]));
  });
});
