/**
 * G12: the graph fits into an execution of Step Functions, whatever way a customer takes through it, and what is written about it
 * together fits into one group of writes.
 */
import type { DrawnGraph, DrawnNode } from '../drawn-graph.ts';
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

/** A message that is being sent is called off by one write, a wait ends by two; nothing else leaves anything to be ended. */
const endingsSideBySideMax = 80;

/** Publishing opens them and closes those of the version before, in one group of at most 100 writes: two for each, and the rest. */
const waysInMax = 45;

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
    sideBySideProblems(drawn, limits),
    exceeded(waysIn(drawn), waysInMax, {
      what: 'entries and segments, where an entry by segment counts three times',
      fit: 'can be published together',
      hint: 'Split the journey in several, each with some of the entries.',
    }),
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

function sideBySideProblems(drawn: DrawnGraph, limits: SizeLimits): readonly GraphProblem[] {
  const waits = mostSideBySide(drawn, (node) => (isWait(node) ? 1 : 0));
  const tooManyWaits = exceeded(waits, limits.waitsSideBySideMax, 'waits side by side');
  if (tooManyWaits.length > 0) return tooManyWaits;
  const endings = mostSideBySide(drawn, (node) => (isWait(node) ? 2 : isMessage(node) ? 1 : 0));
  return exceeded(
    endings,
    endingsSideBySideMax,
    'messages and waits side by side, where a wait counts twice',
  );
}

/** What a customer's places may come to at the same time. */
function mostSideBySide(drawn: DrawnGraph, countOf: (node: DrawnNode) => number): number {
  return worstCase(drawn, {
    node: (id) => {
      const node = drawn.byId.get(id);
      return node === undefined ? 0 : countOf(node);
    },
    inRow: Math.max,
    sideBySide: sum,
  });
}

function isWait({ parking }: DrawnNode): boolean {
  return parking !== undefined;
}

function isMessage({ type }: DrawnNode): boolean {
  return type?.sends !== undefined;
}

/** An entry by segment has a row, maybe a schedule, and its segment, which is told that it is used. */
function waysIn(drawn: DrawnGraph): number {
  const nodes = [...drawn.byId.values()];
  const entries = nodes.map(({ entry }) =>
    entry === undefined ? 0 : entry.kind === 'segment' ? 3 : 1,
  );
  const asked = new Set(nodes.flatMap(({ segment }) => (segment === undefined ? [] : [segment])));
  return sum(entries) + asked.size;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

interface Told {
  readonly what: string;
  readonly fit: string;
  readonly hint: string;
}

function exceeded(count: number, max: number, told: string | Told): readonly GraphProblem[] {
  if (count <= max) return [];
  const { what, fit, hint } = typeof told === 'string' ? { ...oneExecution, what: told } : told;
  return [
    {
      code: 'graph.too_large',
      message: `the graph is too large: ${count} ${what}, at most ${max} ${fit}`,
      hint,
    },
  ];
}

const oneExecution = {
  fit: 'fit one execution',
  hint: 'Split the journey in two: let the first end with an event that the second one enters on.',
};
