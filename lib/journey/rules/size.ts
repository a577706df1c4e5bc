/** G12: the graph fits into an execution of Step Functions, whatever way a customer takes through it. */
import type { DrawnGraph } from '../drawn-graph.ts';
import type { GraphProblem } from '../graph-problem.ts';
import { worstCase } from '../worst-case.ts';

export interface SizeLimits {
  readonly nodesMax: number;
  readonly edgesMax: number;
  readonly historyEventsMax: number;
  readonly waitsSideBySideMax: number;
}

const sizeLimits: SizeLimits = {
  nodesMax: 500,
  edgesMax: 1_000,
  /** An execution dies at 25,000 events of history (semantics 7.1); the rest is for being taken up again. */
  historyEventsMax: 20_000,
  /** Whatever ends an instance ends all of its waits with it, in one group of at most 100 writes: two for each, and the rest. */
  waitsSideBySideMax: 40,
};

/** Estimate of what one node writes to the history: task and choice, scheduled, started, succeeded, left (semantics 7.7). */
const historyEventsPerNode = 12;

/** Each retry schedules, starts and fails once more. */
const historyEventsPerRetry = 3;

/** How often the compiled machine retries the task of one node at most. */
export const retriesPerNodeMax = 8;

/**
 * The parallel state of a fork and the choice after it. What stands before the branches and at the end of each is within the
 * estimate of the nodes there, which no choice of their own follows.
 */
const historyEventsPerFork = 6;

/** The choice that each branch begins with. */
const historyEventsPerParallelBranch = 2;

export function refuseTooLarge(
  drawn: DrawnGraph,
  limits: SizeLimits = sizeLimits,
): readonly GraphProblem[] {
  const { nodes, edges } = drawn.graph;
  const events = worstHistoryEvents(drawn);
  return [
    exceeded(nodes.length, limits.nodesMax, 'nodes'),
    exceeded(edges.length, limits.edgesMax, 'edges'),
    exceeded(events, limits.historyEventsMax - 1, 'history events on the longest path'),
    exceeded(mostWaitsSideBySide(drawn), limits.waitsSideBySideMax, 'waits side by side'),
  ].flat();
}

/**
 * Events that the longest way through the graph may write, retries included, those of parallel branches together; 0 while there
 * are cycles.
 */
export function worstHistoryEvents(drawn: DrawnGraph): number {
  const perNode = historyEventsPerNode + historyEventsPerRetry * retriesPerNodeMax;
  return worstCase(drawn, {
    node: () => perNode,
    inRow: (before, after) => before + after,
    sideBySide: (branches, fork) =>
      historyEventsPerFork +
      sum(branches) +
      branches.length * historyEventsPerParallelBranch +
      // A join that stands aside is one branch more, and a task before it.
      (fork?.strays === true ? historyEventsPerParallelBranch + perNode : 0),
  });
}

/** Waits that a customer may be parked in at the same time. */
function mostWaitsSideBySide(drawn: DrawnGraph): number {
  return worstCase(drawn, {
    node: (id) => (drawn.byId.get(id)?.parking === undefined ? 0 : 1),
    inRow: Math.max,
    sideBySide: sum,
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function exceeded(count: number, max: number, what: string): readonly GraphProblem[] {
  if (count <= max) return [];
  return [
    {
      code: 'graph.too_large',
      message: `the graph is too large: ${count} ${what}, at most ${max} fit one execution`,
      hint: 'Split the journey in two: let the first end with an event that the second one enters on.',
    },
  ];
}
