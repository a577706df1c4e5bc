/**
 * Where customers are in several places at once: the forks of a graph and what becomes of their branches (semantics 2.3 T8,
 * 2.4). Validation, compiler and engine all take it from here, so that they mean the same by a fork.
 */
import type { DrawnGraph, DrawnNode } from './drawn-graph.ts';
import { reachOf, type Reach } from './reach.ts';

export interface Fork {
  readonly node: string;
  /** The branch whose edges fork; absent for a node that does not branch. */
  readonly branch?: string;
  /** In the order drawn, each once; at least two. */
  readonly targets: readonly string[];
  /** Nodes that exactly one of the branches can reach. */
  readonly inside: ReadonlySet<string>;
  /**
   * The nodes at which branches come together first, in topological order. None: they never do. One: there the branches
   * join. More: the fork is not structured.
   */
  readonly meetings: readonly string[];
  /**
   * True when a customer may be parked inside, at a place from which the join cannot be reached any more: the join must not wait
   * for that (T5).
   */
  readonly strays: boolean;
  /** A direct target that ends the journey and that no sibling reaches: only it runs (T8). */
  readonly privateEnd?: string;
}

export interface Forks {
  readonly list: readonly Fork[];
  readonly reach: Reach;
}

/** Undefined when nothing forks, and while nodes lead back to themselves. */
export function findForks(drawn: DrawnGraph): Forks | undefined {
  const fans = [...drawn.byId.values()].flatMap((source) => fansOf(drawn, source));
  if (fans.length === 0) return undefined;
  const reach = reachOf(drawn.byId.keys(), drawn.successors);
  if (reach === undefined) return undefined;
  return { list: fans.map((fan) => lookInside(drawn, reach, fan)), reach };
}

/** The node at which the branches of a structured fork join. */
export function joinOf({ meetings }: Fork): string | undefined {
  return meetings[0];
}

type Fan = Pick<Fork, 'node' | 'branch' | 'targets'>;

/** Only edges that could be followed: what is wrong with the labels of the others is said elsewhere. */
function fansOf(drawn: DrawnGraph, { node, type, branches, ends }: DrawnNode): readonly Fan[] {
  if (type === undefined || branches === undefined || ends === true) return [];
  const edges = (drawn.leaving.get(node.id) ?? []).filter(({ target }) => drawn.byId.has(target));
  if (edges.length < 2) return [];
  const possible = branches.length === 0 ? [undefined] : branches;
  return [...new Set(possible)]
    .map((branch): Fan => {
      const targets = edges.filter((edge) => edge.branch === branch).map(({ target }) => target);
      return { node: node.id, targets, ...(branch === undefined ? {} : { branch }) };
    })
    .filter(({ targets }) => targets.length > 1);
}

function lookInside(drawn: DrawnGraph, reach: Reach, fan: Fan): Fork {
  const { once, several } = reach.meet(fan.targets);
  const met = new Set(several);
  const first = new Set(fan.targets.filter((target) => met.has(target)));
  for (const node of once) {
    for (const next of drawn.successors.get(node) ?? []) if (met.has(next)) first.add(next);
  }
  // Whatever the order drawn: of several such ends, the first by name.
  const [privateEnd] = fan.targets
    .filter((target) => drawn.byId.get(target)?.ends === true && !met.has(target))
    .toSorted();
  const meetings = several.filter((node) => first.has(node));
  const [join] = meetings;
  return {
    ...fan,
    inside: new Set(once),
    meetings,
    strays:
      join !== undefined &&
      once.some(
        (node) => drawn.byId.get(node)?.parking !== undefined && !reach.reaches(node, join),
      ),
    ...(privateEnd === undefined ? {} : { privateEnd }),
  };
}
