/** When nothing moves in an instance until an event comes, or a later time. */
import type { DrawnJson } from '../../support/graphs.ts';
import type { ApiInstance } from './api-answers.ts';

export const terminal: readonly string[] = ['completed', 'failed', 'exited'];

/**
 * Every branch waits for a time that has not come; or it stands at a join, where one that waits is still to arrive. One that runs has
 * no deadline either, but nobody is on the way to it.
 */
export function isAtRest(
  { status, positions, deadlines }: ApiInstance,
  graph: DrawnJson,
  now: number,
): boolean {
  if (terminal.includes(status) || status === 'paused') return true;
  const waiting = positions.filter((node) => Date.parse(deadlines[node] ?? '') > now);
  const awaited = nodesBehind(waiting, graph);
  return (
    status === 'waiting' &&
    positions.every(
      (node) => waiting.includes(node) || (deadlines[node] === undefined && awaited.has(node)),
    )
  );
}

function nodesBehind(nodes: readonly string[], { edges }: DrawnJson): ReadonlySet<string> {
  const found = new Set<string>();
  const ahead = [...nodes];
  for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
    for (const { source, target } of edges) {
      if (source !== node || found.has(target)) continue;
      found.add(target);
      ahead.push(target);
    }
  }
  return found;
}
