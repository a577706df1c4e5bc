/**
 * The most that a customer's way through a graph can come to, whatever branches are taken: one after the other along a path, side
 * by side in the branches of a fork. For limits that must hold for everybody (G12).
 */
import type { DrawnGraph } from './drawn-graph.ts';
import { findForks, joinOf, type Fork } from './forks.ts';
import { topologicalOrder } from './worst-path.ts';

/** How something adds up along the way. */
export interface Measure {
  readonly node: (id: string) => number;
  /** What comes before and what comes after it. */
  readonly inRow: (before: number, after: number) => number;
  /** What comes to pass at the same time, or in any order; `fork` is where it begins, unless all nodes count once. */
  readonly sideBySide: (branches: readonly number[], fork?: Fork) => number;
}

/** Ways that differ in the joins ahead are looked at apart; past this many, every node counts once. */
const waysMax = 50_000;

/** 0 while nodes lead back to themselves, and for an empty graph. */
export function worstCase(drawn: DrawnGraph, measure: Measure): number {
  if (topologicalOrder(drawn.byId.keys(), drawn.successors) === undefined) return 0;
  const known = new Map<string, number>();
  const leads = leadsOf(drawn);

  /** From a node until one of the joins ahead. */
  const from = (node: string, ahead: readonly string[]): number => {
    const joins = leads.joinsAhead(node, ahead);
    const key = JSON.stringify([node, ...joins]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const ways = leads.of(node).map((lead) => after(lead, joins));
    const worst = measure.inRow(measure.node(node), Math.max(0, ...ways));
    known.set(key, worst);
    if (known.size > waysMax) throw new TooManyWays();
    return worst;
  };
  const to = (node: string, ahead: readonly string[]): number =>
    ahead.includes(node) ? 0 : from(node, ahead);
  const after = (lead: string | Fork, ahead: readonly string[]): number => {
    if (typeof lead === 'string') return to(lead, ahead);
    const join = joinOf(lead);
    const inside = join === undefined || ahead.includes(join) ? ahead : [...ahead, join];
    const branches = measure.sideBySide(
      lead.targets.map((target) => to(target, inside)),
      lead,
    );
    return join === undefined ? branches : measure.inRow(branches, to(join, ahead));
  };
  try {
    return Math.max(0, ...[...drawn.byId.keys()].map((node) => from(node, [])));
  } catch (error) {
    if (!(error instanceof TooManyWays)) throw error;
    return measure.sideBySide([...drawn.byId.keys()].map((node) => measure.node(node)));
  }
}

class TooManyWays extends Error {}

interface Leads {
  /** Where the customer can go from a node: to one node, or along all branches of a fork. */
  readonly of: (node: string) => readonly (string | Fork)[];
  /** Of these joins, those that the node can come to first; each once. */
  readonly joinsAhead: (node: string, ahead: readonly string[]) => readonly string[];
}

function leadsOf(drawn: DrawnGraph): Leads {
  const forks = findForks(drawn);
  return {
    of: (node) => {
      const own = (forks?.list ?? []).filter((fork) => fork.node === node);
      const isForked = (target: string, branch: string | undefined): boolean =>
        own.some((fork) => fork.branch === branch && fork.targets.includes(target));
      const single = (drawn.leaving.get(node) ?? []).filter(
        ({ target, branch }) => drawn.byId.has(target) && !isForked(target, branch),
      );
      return [...single.map(({ target }) => target), ...own.map(asTaken)];
    },
    joinsAhead: (node, ahead) => {
      if (forks === undefined || ahead.length === 0) return [];
      const { reaches } = forks.reach;
      const reached = ahead.filter((join) => reaches(node, join));
      // A join behind another one is only come to through that one.
      return reached
        .filter((join) => !reached.some((other) => other !== join && reaches(other, join)))
        .toSorted();
    },
  };
}

/** Only the end is taken when a fork leads to one at once. */
function asTaken(fork: Fork): string | Fork {
  return fork.privateEnd ?? fork;
}
