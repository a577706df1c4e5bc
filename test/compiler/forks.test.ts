import { describe, expect, it } from 'vitest';
import { compileGraph, type Compiled } from '../../lib/compiler/compile.ts';
import type { ChoiceState, ParallelState, States } from '../../lib/compiler/state-machine.ts';
import { parseGraph } from '../../lib/journey/parse.ts';
import { nodeTypes } from '../../lib/nodes/catalogue.ts';
import { drawGraph } from '../support/graphs.ts';

const go = ['event_entry', { event_type: 'go' }] as const;
const tag = ['add_tag', { tag: 't' }] as const;
const day = ['wait', { duration: '1d' }] as const;
const exit = ['exit'] as const;
const isGold = ['condition', { field: 'event.x', value: 1 }] as const;

type Nodes = Parameters<typeof drawGraph>[0];

function tryCompile(nodes: Nodes, edges: readonly string[]): Compiled {
  const parsed = parseGraph(drawGraph(nodes, edges));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return compileGraph(parsed.graph, nodeTypes, 'test v1');
}

function compile(nodes: Nodes, edges: readonly string[]): States {
  const compiled = tryCompile(nodes, edges);
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems));
  return compiled.definition.States;
}

function parallel(states: States, name: string): ParallelState {
  const state = states[name];
  if (state?.Type !== 'Parallel') throw new Error(`${name} is no parallel state`);
  return state;
}

const branchNames = ({ Branches }: ParallelState): readonly (readonly string[])[] =>
  Branches.map(({ States: states }) => Object.keys(states));

describe('a fork', () => {
  const diamond = compile({ in: go, a: tag, b: day, join: tag }, [
    'in -> a',
    'in -> b',
    'a -> join',
    'b -> join',
  ]);

  it('becomes a parallel state whose branches reach up to the join', () => {
    expect(diamond['in']).toMatchObject({ Next: 'in (fork)' });
    expect(diamond['in (fork)']).toEqual({
      Type: 'Pass',
      Result: {},
      ResultPath: '$.fork',
      Next: 'in (parallel)',
    });
    expect(parallel(diamond, 'in (parallel)')).toMatchObject({
      Parameters: {
        'tenant.$': '$.tenant',
        'journey.$': '$.journey',
        'instance.$': '$.instance',
        'epoch.$': '$.epoch',
        'fork.$': '$.fork',
        reached: {},
      },
      ResultPath: '$.branches',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: '(thrown)' }],
      Next: 'in (joined)',
    });
    expect(
      branchNames(parallel(diamond, 'in (parallel)')).map((names) => names.toSorted()),
    ).toEqual([
      ['a', 'in (go on)', 'in (over)', 'in (paused)', 'in (way)', 'join (arrived)'],
      [
        'b',
        'b (resumed)',
        'b (timed out)',
        'in (go on 2)',
        'in (over 2)',
        'in (paused 2)',
        'in (way 2)',
        'join (arrived 2)',
      ],
    ]);
  });

  it('runs its join when any branch came to it, or somebody was held there', () => {
    expect(diamond['in (joined)']).toEqual({
      Type: 'Choice',
      Choices: [
        {
          Or: [
            { Variable: '$.branches[0].n3', IsPresent: true },
            { Variable: '$.branches[1].n3', IsPresent: true },
            { Variable: '$.fork.held.n3', IsPresent: true },
          ],
          Next: 'join',
        },
      ],
      Default: '(stopped)',
    });
  });

  it('begins each branch where an execution takes it up again', () => {
    const [, second] = parallel(diamond, 'in (parallel)').Branches;
    expect(second?.States[second.StartAt]).toEqual({
      Type: 'Choice',
      Choices: [
        { Variable: '$.fork.tokens', IsPresent: false, Next: 'b' },
        { Variable: '$.fork.seconds.n2', IsPresent: true, Next: 'b (resumed)' },
        { Variable: '$.fork.tokens.n2', IsPresent: true, Next: 'b' },
      ],
      Default: 'in (over 2)',
    });
    expect(second?.States['b (resumed)']).toMatchObject({
      TimeoutSecondsPath: '$.fork.seconds.n2',
    });
    expect((diamond['(start)'] as ChoiceState).Default).toBe('in (parallel)');
  });

  it('lets an end inside of a branch cut the others off', () => {
    const states = compile({ in: go, a: exit, w: day, b: tag, t: tag }, [
      'in -> w',
      'in -> b',
      'b -> a',
      'w -> t',
    ]);
    const branch = parallel(states, 'in (parallel)').Branches[1]?.States;
    expect(branch?.['a']).toMatchObject({ Next: 'a (ended)' });
    expect(branch?.['a (ended)']).toMatchObject({ Type: 'Fail', Error: 'Kalcifer.Ended' });
    expect((states['(thrown)'] as ChoiceState).Choices).toContainEqual({
      Variable: '$.error.Error',
      StringEquals: 'Kalcifer.Ended',
      Next: '(stopped)',
    });
  });

  it('does not fork where only an end would run', () => {
    const states = compile({ in: go, a: tag, out: exit }, ['in -> a', 'in -> out']);
    expect(states['in']).toMatchObject({ Next: 'out' });
    expect(Object.values(states).some(({ Type }) => Type === 'Parallel')).toBe(false);
  });

  it('keeps the join aside when somebody may wait elsewhere in a branch', () => {
    const states = compile({ in: go, a: tag, if: isGold, long: day, join: tag }, [
      'in -> a',
      'in -> if',
      'a -> join',
      'if -> join [true]',
      'if -> long [false]',
    ]);
    const aside = parallel(states, 'in (parallel)').Branches[2]?.States;
    expect(aside?.['join (join)']).toMatchObject({
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Parameters: { Payload: { node: 'join', ask: 'join' } },
      Next: 'join (joins)',
    });
    expect(aside?.['join (joins)']).toEqual({
      Type: 'Choice',
      Choices: [{ Variable: '$.step.branch', StringEquals: 'runs', Next: 'join' }],
      Default: 'join (over)',
    });
  });

  it('gives nodes that forks of different paths share a set of states for each', () => {
    const states = compile({ in: go, if: isGold, f: tag, g: tag, a: tag, b: tag, c: tag, j: tag }, [
      'in -> if',
      'if -> f [true]',
      'if -> g [false]',
      'f -> a',
      'f -> b',
      'g -> a',
      'g -> c',
      'a -> j',
      'b -> j',
      'c -> j',
    ]);
    const names = ['f (parallel)', 'g (parallel)'].flatMap((name) =>
      branchNames(parallel(states, name)).flat(),
    );
    expect(names.filter((name) => name.startsWith('a')).toSorted()).toEqual(['a', 'a (2)']);
    expect(states['f (search)']).toMatchObject({ Default: 'f (parallel)' });
    expect(states['g (search)']).toMatchObject({ Default: 'g (parallel)' });
  });
});

describe('the size of a machine with forks', () => {
  it('stays within the quota for five hundred nodes that fork and join again and again', () => {
    const nodes: Record<string, readonly [string, Record<string, unknown>?]> = { f0: go };
    const edges: string[] = [];
    for (let at = 0; at < 166; at++) {
      Object.assign(nodes, { [`a${at}`]: tag, [`b${at}`]: tag, [`f${at + 1}`]: tag });
      edges.push(`f${at} -> a${at}`, `f${at} -> b${at}`);
      edges.push(`a${at} -> f${at + 1}`, `b${at} -> f${at + 1}`);
    }
    expect(Object.keys(compile(nodes, edges))).toContain('f166');
  });

  it('is refused in time when forks share nodes of ever more paths', () => {
    const nodes: Record<string, readonly [string, Record<string, unknown>?]> = { s0: go, j: tag };
    const edges: string[] = [];
    for (let at = 0; at < 60; at++) {
      const [c, p, q, x, y] = ['c', 'p', 'q', 'x', 'y'].map((name) => `${name}${at}`);
      Object.assign(nodes, { [c ?? '']: isGold, [p ?? '']: tag, [q ?? '']: tag });
      Object.assign(nodes, { [x ?? '']: tag, [y ?? '']: tag, [`s${at + 1}`]: tag });
      edges.push(`s${at} -> ${c}`, `${c} -> ${p} [true]`, `${c} -> ${q} [false]`);
      edges.push(`${p} -> s${at + 1}`, `${p} -> ${x}`, `${q} -> s${at + 1}`, `${q} -> ${y}`);
      edges.push(`${x} -> j`, `${y} -> j`);
    }
    expect(tryCompile(nodes, [...edges, 's60 -> j'])).toMatchObject({
      problems: [{ code: 'compiler.too_large' }],
    });
  });
});
