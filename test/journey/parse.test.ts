/** Journey JSON: its two optional parts in all their forms, and every mistake of form with its place. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGraph } from '../../lib/journey/parse.ts';
import {
  simpleEmailJourney,
  simpleJourney,
  twoEntriesJourney,
  twoSplitsJourney,
  waitForEventJourney,
  waitJourney,
} from '../support/graphs.ts';

describe('parseGraph', () => {
  test('reads nodes and edges, and drops what is only for the eye', () => {
    const drawn = {
      nodes: [
        { id: 'in', type: 'event_entry', config: { event_type: 'go' }, position: { x: 1, y: 2.5 } },
        { id: 'if', type: 'condition', config: { field: 'event.x', value: 1 } },
      ],
      edges: [
        { id: 'e1', source: 'in', target: 'if' },
        { source: 'if', target: 'in', branch: 'true' },
      ],
    };
    expect(parseGraph(drawn)).toEqual({
      graph: {
        nodes: [
          { id: 'in', type: 'event_entry', config: { event_type: 'go' } },
          { id: 'if', type: 'condition', config: { field: 'event.x', value: 1 } },
        ],
        edges: [
          { id: 'e1', source: 'in', target: 'if' },
          { source: 'if', target: 'in', branch: 'true' },
        ],
        exitCriteria: [],
        frequencyCaps: [],
      },
    });
  });

  test.each([
    simpleJourney(),
    simpleEmailJourney(),
    waitJourney(),
    waitForEventJourney(),
    twoEntriesJourney(),
    twoSplitsJourney(),
    { nodes: [], edges: [] },
  ])('accepts the form of %j', (drawn) => {
    expect(parseGraph(drawn)).toHaveProperty('graph');
  });

  test.each([
    [null, ''],
    [[], ''],
    ['{}', ''],
    [{}, ' (nodes and edges missing or not a list)'],
    [{ nodes: [] }, ' (edges missing or not a list)'],
    [{ nodes: {}, edges: [] }, ' (nodes missing or not a list)'],
  ])('refuses %j', (input, detail) => {
    expect(parseGraph(input)).toEqual({
      problems: [
        {
          code: 'graph.malformed',
          message: `graph must be an object with the lists "nodes" and "edges"${detail}`,
          hint: 'The smallest graph: {"nodes": [], "edges": []}.',
        },
      ],
    });
  });

  test('reports every mistake of form with its place', () => {
    const drawn = {
      nodes: [
        { id: 'a', type: 'wait', config: [], size: 3 },
        { id: '', type: 5 },
        { id: 'x.y', type: 'wait' },
        { id: ' b', type: 'wait', position: { x: 1 } },
        'node',
      ],
      edges: [{ source: 'a' }, { source: 'a', target: 'b', branch: '', label: 'x' }],
      name: 'My journey',
    };
    expect(placesAndMessages(drawn)).toEqual([
      ['nodes[0].config', 'nodes[0].config must be a JSON object, nested at most 20 levels deep'],
      ['nodes[0]', 'nodes[0] has the unknown key "size"'],
      ['nodes[1].id', 'nodes[1].id must not be empty'],
      ['nodes[1].type', 'nodes[1].type must be a text'],
      ['nodes[2].id', 'nodes[2].id must not contain dots or parentheses'],
      ['nodes[3].id', 'nodes[3].id must be one line of text without blanks around it'],
      ['nodes[4]', 'nodes[4] must be an object'],
      ['edges[0].target', 'edges[0].target is required'],
      ['edges[1].branch', 'edges[1].branch must not be empty'],
      ['edges[1]', 'edges[1] has the unknown key "label"'],
      [undefined, 'the graph has the unknown key "name"'],
    ]);
  });

  test.each(['a.b', 'a(b)', '__proto__', 'x'.repeat(65), 'a\nb', 'a '])(
    'refuses %j as a node id',
    (id) => {
      expect(parseGraph({ nodes: [{ id, type: 'wait' }], edges: [] })).toHaveProperty('problems');
    },
  );

  test.each(['a', 'email-1', 'Node 7', 'é#/:', 'x'.repeat(64)])('accepts %j as a node id', (id) => {
    expect(parseGraph({ nodes: [{ id, type: 'wait' }], edges: [] })).toHaveProperty('graph');
  });

  test('refuses configuration of any depth without exhausting the stack', () => {
    const depth = 50_000;
    const deep = `{"nodes":[{"id":"a","type":"wait","config":{"x":${'['.repeat(depth)}${']'.repeat(depth)}}}],"edges":[]}`;
    expect(placesAndMessages(JSON.parse(deep))).toEqual([
      ['nodes[0].config', 'nodes[0].config must be a JSON object, nested at most 20 levels deep'],
    ]);
  });

  test('for every JSON: gives a graph or at least one problem', () => {
    const json = fc.record({ nodes: fc.jsonValue(), edges: fc.array(fc.jsonValue()) });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), json), (input) => {
        const parsed = parseGraph(input);
        if ('problems' in parsed) expect(parsed.problems.length).toBeGreaterThan(0);
        else expect(parsed.graph).toBeDefined();
      }),
    );
  });
});

describe('exit criteria', () => {
  test('are events, facts about the customer, or a list of both', () => {
    expect(
      graphWith({ exit_criteria: { event_type: 'bought', filter: { total: 5 } } }),
    ).toMatchObject({
      exitCriteria: [
        {
          kind: 'event',
          eventType: 'bought',
          filter: { all: [{ field: 'total', op: 'eq', value: 5 }] },
        },
      ],
    });
    expect(
      graphWith({
        exit_criteria: [
          { event_type: 'left' },
          { field: 'customer.email', op: 'exists', value: false },
        ],
      }),
    ).toMatchObject({
      exitCriteria: [
        { kind: 'event', eventType: 'left' },
        { kind: 'attribute', rule: { field: 'customer.email', op: 'exists', value: false } },
      ],
    });
  });

  test('are refused with the place of each mistake', () => {
    expect(
      placesAndMessages({
        nodes: [],
        edges: [],
        exit_criteria: [
          { event_type: '', filter: 5 },
          { field: 'plan', value: 1 },
          { event_type: 'x', why: 1 },
          { event: 'bought' },
          { event_type: 'x', field: 'customer.plan', value: 1 },
        ],
      }),
    ).toEqual([
      ['exit_criteria[0].event_type', 'exit_criteria[0].event_type must not be empty'],
      [
        'exit_criteria[0].filter',
        'exit_criteria[0].filter must be an object of fields, such as {"plan": "pro"}',
      ],
      [
        'exit_criteria[1].field',
        'exit_criteria[1].field must begin with customer., event., context., accumulated. (it is "plan")',
      ],
      ['exit_criteria[2]', 'exit_criteria[2] has the unknown key "why"'],
      [
        'exit_criteria[3]',
        'exit_criteria[3] must be an event, {"event_type", "filter"}, or a condition, {"field", "op", "value"}, {"all": [...]}, {"any": [...]} or {"not": {...}}',
      ],
      ['exit_criteria[4]', 'exit_criteria[4] has the unknown key "field"'],
      ['exit_criteria[4]', 'exit_criteria[4] has the unknown key "value"'],
    ]);
    const eleven = Array.from({ length: 11 }, (_, n) => ({ event_type: `e${n}` }));
    expect(placesAndMessages({ nodes: [], edges: [], exit_criteria: eleven })).toEqual([
      ['exit_criteria', 'exit_criteria must not have more than 10 entries'],
    ]);
    expect(placesAndMessages({ nodes: [], edges: [], exit_criteria: 'never' })).toEqual([
      [
        'exit_criteria',
        'exit_criteria must be an event, {"event_type", "filter"}, or a condition, {"field", "op", "value"}, {"all": [...]}, {"any": [...]} or {"not": {...}}',
      ],
    ]);
  });
});

describe('frequency caps', () => {
  test('are read from one flat cap, of one channel or of all', () => {
    expect(graphWith({ frequency_cap: { max_messages: 3, time_window: '1d' } })).toMatchObject({
      frequencyCaps: [{ channel: 'all', max: 3, windowMs: 86_400_000 }],
    });
    expect(
      graphWith({ frequency_cap: { max_messages: 3, time_window: '1d', channel: 'sms' } }),
    ).toMatchObject({ frequencyCaps: [{ channel: 'sms', max: 3, windowMs: 86_400_000 }] });
  });

  test('are read from caps by channel', () => {
    expect(
      graphWith({
        frequency_cap: { push: { max: 1, window: '1h' }, all: { max: 5, window: '1w' } },
      }),
    ).toMatchObject({
      frequencyCaps: [
        { channel: 'all', max: 5, windowMs: 604_800_000 },
        { channel: 'push', max: 1, windowMs: 3_600_000 },
      ],
    });
  });

  test.each([
    [{ max_messages: 'x', time_window: '1d' }, 'frequency_cap.max_messages must be a number'],
    [{ max_messages: 1.5, time_window: '1d' }, 'frequency_cap.max_messages must be a whole number'],
    [{ max_messages: 0, time_window: '1d' }, 'frequency_cap.max_messages must be at least 1'],
    [{ max_messages: 1, time_window: '0s' }, 'frequency_cap.time_window must be longer than 0'],
    [{ max_messages: 1 }, 'frequency_cap.time_window is required'],
    [
      { max_messages: 1, time_window: '1d', channel: 'fax' },
      'frequency_cap.channel must be one of "all", "email", "sms", "push", "whatsapp", "in_app", "webhook"',
    ],
    [{ email: { max: 1 } }, 'frequency_cap.email.window is required'],
    [{ fax: { max: 1, window: '1d' } }, 'frequency_cap has the unknown key "fax"'],
    [{ email: 3 }, 'frequency_cap.email must be an object'],
    [7, 'frequency_cap must be an object'],
  ])('refuses %j', (frequency_cap, message) => {
    expect(
      placesAndMessages({ nodes: [], edges: [], frequency_cap }).map(([, said]) => said),
    ).toEqual([message]);
  });
});

function graphWith(extra: object): unknown {
  const parsed = parseGraph({ nodes: [], edges: [], ...extra });
  return 'graph' in parsed ? parsed.graph : parsed;
}

function placesAndMessages(input: unknown): (readonly [string | undefined, string])[] {
  const parsed = parseGraph(input);
  if ('graph' in parsed) throw new Error('the graph was accepted');
  return parsed.problems.map(({ path, message }) => [path, message] as const);
}
