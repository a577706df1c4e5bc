import { describe, expect, it } from 'vitest';
import { answerToJoin, isHeld } from '../../../lib/engine/steps/joins.ts';
import {
  prepareVersion,
  type PreparedVersion,
} from '../../../lib/engine/journeys/prepared-version.ts';
import { nodeTypes } from '../../../lib/nodes/catalogue.ts';
import { drawGraph } from '../../support/graphs.ts';

const tag = ['add_tag', { tag: 't' }] as const;

function prepared(nodes: readonly string[], edges: readonly string[]): PreparedVersion {
  const graph = drawGraph(
    {
      in: ['event_entry', { event_type: 'go' }],
      ...Object.fromEntries(nodes.map((id) => [id, tag])),
    },
    edges,
  );
  return prepareVersion({ graph } as never, nodeTypes);
}

const version = prepared(
  ['a', 'b', 'b2', 'join', 'side'],
  ['in -> a', 'in -> b', 'in -> side', 'a -> join', 'b -> b2', 'b2 -> join'],
);
const at = (...nodes: string[]): { node: string }[] => nodes.map((node) => ({ node }));

describe('a join', () => {
  it('is held while somebody else can come to it, directly or not', () => {
    expect(isHeld(at('join', 'b'), 'join', version)).toBe(true);
    expect(isHeld(at('join', 'b2', 'side'), 'join', version)).toBe(true);
    expect(isHeld(at('join', 'side'), 'join', version)).toBe(false);
    expect(isHeld(at('join'), 'join', version)).toBe(false);
  });

  it('runs when somebody is there and nobody else can come', () => {
    expect(answerToJoin(at('join', 'side'), 'join', version)).toBe('runs');
    expect(answerToJoin(at('join', 'a'), 'join', version)).toBeUndefined();
    expect(answerToJoin(at('a'), 'join', version)).toBeUndefined();
    expect(answerToJoin(at('side'), 'join', version)).toBe('nobody');
  });
});

describe('a version without forks', () => {
  it('knows nothing of joins, and asks nothing', () => {
    const row = prepared(['a'], ['in -> a']);
    expect(row.reaches).toBeUndefined();
    expect(isHeld(at('in', 'a'), 'a', row)).toBe(false);
  });
});
