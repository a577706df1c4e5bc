/** G2 and G10: entries are there, lead on, and can be told apart. */
import { describe, expect, test } from 'vitest';
import { simpleJourney, twoEntriesJourney, drawGraph } from '../../support/graphs.ts';
import { check, problemsOf } from '../../support/graphs-checked.ts';

describe('the entry of a graph', () => {
  test('is required, and nothing is said of nodes that it would lead to', () => {
    const drawn = drawGraph({ a: ['add_tag', { tag: 'a' }], out: ['exit'] }, ['a -> out']);
    expect(check(drawn).problems).toEqual([
      {
        code: 'graph.no_entry',
        message: 'the graph has no entry node, so no customer can come in',
        hint: 'Begin with one of: event_entry, webhook_entry, segment_entry.',
      },
    ]);
  });

  test('is missing from a graph without nodes', () => {
    expect(check({ nodes: [], edges: [] }).problems.map(({ code }) => code)).toEqual([
      'graph.no_entry',
    ]);
  });

  test.each(['event_entri', 'calendar_entry'])(
    'may be the node of unknown type %s, which is the only thing reported',
    (type) => {
      const drawn = drawGraph({ in: [type], out: ['exit'] }, ['in -> out']);
      expect(check(drawn).problems.map(({ code }) => code)).toEqual(['graph.unknown_node_type']);
    },
  );

  test('may be there several times', () => {
    expect(check(twoEntriesJourney())).toEqual({ problems: [], warnings: [] });
  });

  test('has no incoming edge', () => {
    const drawn = drawGraph(
      {
        in: ['event_entry', { event_type: 'go' }],
        hook: ['webhook_entry', { webhook_path: '/x' }],
        out: ['exit'],
      },
      ['in -> hook', 'hook -> out'],
    );
    expect(check(drawn).problems).toEqual([
      {
        code: 'graph.entry_has_incoming',
        node: 'hook',
        edge: 'in -> hook',
        message: 'an edge leads from "in" into the entry "hook"',
        hint: 'Customers come in at an entry only from outside. Lead the edge to the node after it.',
      },
    ]);
  });
});

describe('entries that cannot be told apart', () => {
  const with2 = (
    a: [string, Record<string, unknown>],
    b: [string, Record<string, unknown>],
  ): unknown => drawGraph({ a, b, out: ['exit'] }, ['a -> out', 'b -> out']);

  test('are refused for webhooks of one path', () => {
    const drawn = with2(
      ['webhook_entry', { webhook_path: '/x' }],
      ['webhook_entry', { webhook_path: '/x' }],
    );
    expect(check(drawn).problems).toEqual([
      {
        code: 'graph.duplicate',
        node: 'b',
        message: 'duplicate webhook path: "b" has the same one as "a"',
        hint: 'Give each webhook entry its own webhook_path.',
      },
    ]);
  });

  test('are accepted for webhooks of different paths', () => {
    const drawn = with2(
      ['webhook_entry', { webhook_path: '/x' }],
      ['webhook_entry', { webhook_path: '/y' }],
    );
    expect(problemsOf('graph.duplicate', drawn)).toEqual([]);
  });

  test('are mentioned for events of one type and filter', () => {
    const entry: [string, Record<string, unknown>] = [
      'event_entry',
      { event_type: 'go', filter: { a: 1 } },
    ];
    expect(check(with2(entry, entry))).toEqual({
      problems: [],
      warnings: [
        {
          code: 'graph.same_entry',
          node: 'b',
          message: '"b" starts on the same event as "a", which always comes first',
          hint: 'Tell them apart with a filter, or draw one entry.',
        },
      ],
    });
  });

  test.each([
    [{ event_type: 'go' }, { event_type: 'come' }],
    [{ event_type: 'go' }, { event_type: 'go', filter: { a: 1 } }],
    [
      { event_type: 'go', filter: { a: 2 } },
      { event_type: 'go', filter: { a: 1 } },
    ],
  ])('are not those with %j and %j', (a, b) => {
    expect(check(with2(['event_entry', a], ['event_entry', b])).warnings).toEqual([]);
  });
});

test('an entry that leads straight to an exit is a whole journey', () => {
  expect(check(simpleJourney())).toEqual({ problems: [], warnings: [] });
});
