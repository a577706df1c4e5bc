/** G12: what fits into one execution. */
import { describe, expect, test } from 'vitest';
import { layOut } from '../../../lib/journey/drawn-graph.ts';
import { parseGraph } from '../../../lib/journey/parse.ts';
import {
  refuseTooLarge,
  retriesPerNodeMax,
  worstHistoryEvents,
} from '../../../lib/journey/rules/size.ts';
import { nodeTypes } from '../../../lib/nodes/catalogue.ts';
import { retriesMax } from '../../../lib/nodes/machine-contract.ts';
import { drawGraph, simpleEmailJourney, type DrawnJson } from '../../support/graphs.ts';
import { problemsOf } from '../../support/graphs-checked.ts';

const hint =
  'Split the journey in two: let the first end with an event that the second one enters on.';

/** An entry and tags, in one row. */
function row(count: number): DrawnJson {
  const tags = Array.from({ length: count - 1 }, (_, at) => `t${at + 1}`);
  return drawGraph(
    {
      t0: ['event_entry', { event_type: 'go' }],
      ...Object.fromEntries(tags.map((id) => [id, ['add_tag', { tag: id }] as const])),
    },
    tags.map((id, at) => `t${at} -> ${id}`),
  );
}

describe('a graph that is too large', () => {
  test('has more than 500 nodes', () => {
    expect(problemsOf('graph.too_large', row(500))).toEqual([]);
    expect(problemsOf('graph.too_large', row(501))).toEqual([
      {
        code: 'graph.too_large',
        message: 'the graph is too large: 501 nodes, at most 500 fit one execution',
        hint,
      },
    ]);
  });

  test('has more than 1,000 edges', () => {
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const variants = keys.map((key) => ({ key, weight: 1 }));
    const splits = Array.from({ length: 201 }, (_, at) => `s${at}`);
    const drawn = (count: number): DrawnJson =>
      drawGraph(
        Object.fromEntries(
          splits.slice(0, count).map((id) => [id, ['ab_split', { variants }] as const]),
        ),
        splits.slice(0, count).flatMap((id) => keys.map((key) => `${id} -> end [${key}]`)),
      );
    expect(problemsOf('graph.too_large', drawn(200))).toEqual([]);
    expect(problemsOf('graph.too_large', drawn(201)).map(({ message }) => message)).toEqual([
      'the graph is too large: 1005 edges, at most 1000 fit one execution',
    ]);
  });

  test('may write 20,000 events of history or more on its longest path', () => {
    expect(problemsOf('graph.too_large', row(556)).map(({ message }) => message)).toEqual([
      'the graph is too large: 556 nodes, at most 500 fit one execution',
      'the graph is too large: 20016 history events on the longest path, at most 19999 fit one execution',
    ]);
    expect(problemsOf('graph.too_large', row(555))).toHaveLength(1);
  });
});

describe('waits side by side', () => {
  test('are at most forty', () => {
    const wide = (count: number): DrawnJson => {
      const waits = Array.from({ length: count }, (_, at) => `w${at}`);
      return drawGraph(
        {
          in: ['event_entry', { event_type: 'go' }],
          ...Object.fromEntries(waits.map((id) => [id, ['wait', { duration: '1d' }] as const])),
        },
        waits.map((id) => `in -> ${id}`),
      );
    };
    expect(problemsOf('graph.too_large', wide(40))).toEqual([]);
    expect(problemsOf('graph.too_large', wide(41)).map(({ message }) => message)).toEqual([
      'the graph is too large: 41 waits side by side, at most 40 fit one execution',
    ]);
  });
});

describe('messages and waits side by side', () => {
  const kinds = {
    send_email: { subject: 'Hi', body: 'Hi' },
    add_tag: { tag: 'a' },
    wait: { duration: '1d' },
  } as const;
  const wide = (counts: Partial<Record<keyof typeof kinds, number>>): DrawnJson => {
    const targets = Object.entries(counts).flatMap(([type, count]) =>
      Array.from(
        { length: count },
        (_, at) => [`${type}_${at}`, [type, kinds[type as keyof typeof kinds]] as const] as const,
      ),
    );
    return drawGraph(
      { in: ['event_entry', { event_type: 'go' }], ...Object.fromEntries(targets) },
      targets.map(([id]) => `in -> ${id}`),
    );
  };
  const tooMany =
    'the graph is too large: 81 messages and waits side by side, where a wait counts twice, at most 80 fit one execution';
  const told = (graph: DrawnJson): readonly string[] =>
    problemsOf('graph.too_large', graph).map(({ message }) => message);

  test('are at most eighty messages', () => {
    expect(told(wide({ send_email: 80 }))).toEqual([]);
    expect(told(wide({ send_email: 81 }))).toEqual([tooMany]);
  });

  test('count twice when they are waits', () => {
    expect(told(wide({ send_email: 20, wait: 30 }))).toEqual([]);
    expect(told(wide({ send_email: 21, wait: 30 }))).toEqual([tooMany]);
  });

  test('are not those that leave nothing to be ended', () => {
    expect(told(wide({ send_email: 80, add_tag: 200 }))).toEqual([]);
  });
});

describe('ways in', () => {
  const open = (entries: readonly (readonly [string, Record<string, unknown>])[]): DrawnJson =>
    drawGraph(
      { ...Object.fromEntries(entries.map((entry, at) => [`e${at}`, entry])), out: ['exit'] },
      entries.map((_, at) => `e${at} -> out`),
    );
  const events = (count: number): [string, Record<string, unknown>][] =>
    Array.from({ length: count }, (_, at) => ['event_entry', { event_type: `go${at}` }]);
  const segments = (count: number): [string, Record<string, unknown>][] =>
    Array.from({ length: count }, (_, at) => ['segment_entry', { segment_id: `s${at}` }]);
  const message = (count: number): string =>
    `the graph is too large: ${count} entries and segments, where an entry by segment counts three times, at most 45 can be published together`;

  test('are at most 45 entries', () => {
    expect(problemsOf('graph.too_large', open(events(45)))).toEqual([]);
    expect(problemsOf('graph.too_large', open(events(46)))).toEqual([
      {
        code: 'graph.too_large',
        message: message(46),
        hint: 'Split the journey in several, each with some of the entries.',
      },
    ]);
  });

  test('count three times when they are by segment', () => {
    expect(problemsOf('graph.too_large', open(segments(15)))).toEqual([]);
    const all = open([...segments(15), ['event_entry', { event_type: 'go' }]]);
    expect(problemsOf('graph.too_large', all).map((problem) => problem.message)).toEqual([
      message(46),
    ]);
  });

  test('are segments that nodes ask for, too, each once', () => {
    const asking = (count: number, segment: (at: number) => string): DrawnJson => {
      const ids = Array.from({ length: count }, (_, at) => `c${at}`);
      const next = (at: number): string => ids[at + 1] ?? 'out';
      return drawGraph(
        {
          in: ['event_entry', { event_type: 'go' }],
          ...Object.fromEntries(
            ids.map((id, at) => [id, ['check_segment', { segment_id: segment(at) }] as const]),
          ),
          out: ['exit'],
        },
        [
          'in -> c0',
          ...ids.flatMap((id, at) => [`${id} -> ${next(at)} [true]`, `${id} -> out [false]`]),
        ],
      );
    };
    expect(
      problemsOf(
        'graph.too_large',
        asking(60, () => 'vip'),
      ),
    ).toEqual([]);
    expect(
      problemsOf(
        'graph.too_large',
        asking(44, (at) => `s${at}`),
      ),
    ).toEqual([]);
    const tooMany = problemsOf(
      'graph.too_large',
      asking(45, (at) => `s${at}`),
    );
    expect(tooMany.map((problem) => problem.message)).toEqual([message(46)]);
  });
});

describe('worstHistoryEvents', () => {
  test('counts 12 events and 8 retries of 3 for each node on the longest path', () => {
    expect(eventsOf(row(10))).toBe(360);
    expect(eventsOf(simpleEmailJourney())).toBe(180);
  });

  test('adds up the branches of a fork, with six events for the fork and two for each branch', () => {
    const tags = Object.fromEntries(
      ['a', 'b', 'c', 'd', 'join'].map((id) => [id, ['add_tag', { tag: id }] as const]),
    );
    const nodes = { in: ['event_entry', { event_type: 'go' }] as const, ...tags };
    // in, a, b, c, d and join run: 6 * 36; the fork: 6 + 3 * 2.
    const three = [
      'in -> a',
      'in -> b',
      'in -> c',
      'c -> d',
      'a -> join',
      'b -> join',
      'd -> join',
    ];
    expect(eventsOf(drawGraph(nodes, three))).toBe(228);
  });

  test('counts what a fork inside of a branch shares with the one outside once', () => {
    const tags = Object.fromEntries(
      ['a', 'b', 'c', 'join', 'end'].map((id) => [id, ['add_tag', { tag: id }] as const]),
    );
    const nodes = { in: ['event_entry', { event_type: 'go' }] as const, ...tags };
    const nested = ['in -> a', 'in -> join', 'a -> b', 'a -> c', 'b -> join', 'c -> join'];
    // All six nodes: 216; two forks of two branches: 2 * 10.
    expect(eventsOf(drawGraph(nodes, [...nested, 'join -> end']))).toBe(236);
  });

  test('counts the longer of two paths, one of which forks', () => {
    const nodes = {
      in: ['event_entry', { event_type: 'go' }],
      if: ['condition', { field: 'event.x', value: 1 }],
      a: ['add_tag', { tag: 'a' }],
      b: ['add_tag', { tag: 'b' }],
      c: ['add_tag', { tag: 'c' }],
    } as const;
    const drawn = drawGraph(nodes, [
      'in -> if',
      'if -> a [true]',
      'if -> b [true]',
      'if -> c [false]',
    ]);
    // in, if, a and b: 144; the fork: 10.
    expect(eventsOf(drawn)).toBe(154);
  });

  test('is 0 for graphs that have no longest path', () => {
    expect(eventsOf(drawGraph({ a: ['exit'] }, ['a -> a']))).toBe(0);
  });

  test('takes as many retries as the compiled machine makes', () => {
    expect(retriesPerNodeMax).toBe(retriesMax);
  });
});

test('limits can be given', () => {
  const limits = { nodesMax: 2, edgesMax: 1, historyEventsMax: 100, waitsSideBySideMax: 0 };
  expect(refuseTooLarge(laidOut(row(3)), limits).map(({ message }) => message)).toEqual([
    'the graph is too large: 3 nodes, at most 2 fit one execution',
    'the graph is too large: 2 edges, at most 1 fit one execution',
    'the graph is too large: 108 history events on the longest path, at most 99 fit one execution',
  ]);
});

function laidOut(drawn: DrawnJson): ReturnType<typeof layOut> {
  const parsed = parseGraph(drawn);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return layOut(parsed.graph, nodeTypes);
}

function eventsOf(drawn: DrawnJson): number {
  return worstHistoryEvents(laidOut(drawn));
}
