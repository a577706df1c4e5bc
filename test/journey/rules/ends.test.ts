/** G10 and W2: where journeys end. */
import { describe, expect, test } from 'vitest';
import { drawGraph } from '../../support/graphs.ts';
import { check, problemsOf } from '../../support/graphs-checked.ts';

const base = { in: ['event_entry', { event_type: 'go' }], out: ['exit'] } as const;

describe('an end node', () => {
  test.each([
    ['exit', {}],
    ['exit', { reason: 5 }],
    ['goal_reached', { goal_name: 'g' }],
    ['goal_reached', { goal_name: 'g', exit_after_goal: true }],
  ])('%s %j has no outgoing edge', (type, config) => {
    const drawn = drawGraph({ ...base, end: [type, config] }, ['in -> end', 'end -> out']);
    expect(problemsOf('graph.end_has_outgoing', drawn)).toEqual([
      {
        code: 'graph.end_has_outgoing',
        node: 'end',
        edge: 'end -> out',
        message: 'an edge leads from the end node "end" to "out"',
        hint: 'Remove the edge. (A goal lets the journey go on only with "exit_after_goal": false.)',
      },
    ]);
  });

  test('may be a leaf', () => {
    expect(check(drawGraph(base, ['in -> out']))).toEqual({ problems: [], warnings: [] });
  });
});

describe('a goal that lets the journey go on', () => {
  const goal = ['goal_reached', { goal_name: 'g', exit_after_goal: false }] as const;

  test('leads on', () => {
    expect(check(drawGraph({ ...base, goal }, ['in -> goal', 'goal -> out']))).toEqual({
      problems: [],
      warnings: [],
    });
  });

  test('is refused as a leaf', () => {
    expect(
      check(drawGraph({ ...base, goal }, ['in -> goal', 'in -> out'])).problems,
    ).toContainEqual({
      code: 'graph.missing_edge',
      node: 'goal',
      message: '"goal" does not end the journey, but no edge leaves it',
      hint: 'Draw an edge, or let the node end the journey.',
    });
  });
});

describe('a path that just stops', () => {
  test('is accepted with a warning', () => {
    const drawn = drawGraph({ in: base.in, mail: ['send_email', { template_id: 't' }] }, [
      'in -> mail',
    ]);
    expect(check(drawn)).toEqual({
      problems: [],
      warnings: [
        {
          code: 'graph.open_end',
          node: 'mail',
          message: 'open end (W2): the journey ends after "mail" without an exit or a goal',
          hint: 'It counts as completed. Draw an exit if you want to name the reason.',
        },
      ],
    });
  });

  test('is not mentioned for a branching node, whose branches are missing', () => {
    const drawn = drawGraph({ in: base.in, if: ['condition', { field: 'event.x', value: 1 }] }, [
      'in -> if',
    ]);
    expect(check(drawn).warnings).toEqual([]);
  });
});
