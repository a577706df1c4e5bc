/**
 * Where the states of a graph stand: at the top of the machine, or inside a branch of a parallel state. A structured fork becomes
 * one parallel state that holds everything up to its join (semantics 2.4). Nothing leads into the middle of a branch in a state
 * machine, so whoever comes from outside enters the whole parallel state as an execution that begins there does.
 */
import { joinOf, type Fork, type Forks } from '../journey/forks.ts';

export interface Scope {
  /** Nodes whose states stand in this scope itself, each after all that lead to it. */
  readonly nodes: readonly string[];
  readonly parallels: readonly Parallel[];
  /** The parallel state in whose branches a node of this scope stands. */
  readonly within: ReadonlyMap<string, Parallel>;
  /** Joins of the forks around: the scope is over where it reaches one. Innermost first. */
  readonly stops: readonly string[];
}

export interface Parallel {
  readonly fork: Fork;
  /** Runs after the branches; absent when there is none, or when it stands aside. */
  readonly join?: string;
  /** In the order of the fork's targets. */
  readonly branches: readonly Scope[];
  /** The join and what follows it, as a branch of its own: it runs while customers still wait elsewhere in the others. */
  readonly aside?: JoinAside;
  /** Every node of the scope that stands in one of the branches. */
  readonly inside: ReadonlySet<string>;
}

export interface JoinAside {
  readonly join: string;
  readonly scope: Scope;
}

export interface Drawing {
  readonly nodes: readonly string[];
  readonly successors: ReadonlyMap<string, readonly string[]>;
  /** Nodes that nothing leads to. */
  readonly starts: readonly string[];
  /** Absent when nothing forks. */
  readonly forks?: Forks;
}

/**
 * Forks of which a customer takes either one may share nodes; each holds states of its own for those. This bounds how many there
 * may be in all: more would not fit a definition anyway.
 */
const placesMax = 4_000;

/** Undefined when the graph's forks share so much that no definition could hold it. */
export function layOutScopes(drawing: Drawing): Scope | undefined {
  const { forks } = drawing;
  if (forks === undefined) {
    return { nodes: drawing.nodes, parallels: [], within: new Map(), stops: [] };
  }
  const layOut = scopeLayout(drawing, forks, forksByNode(forks));
  return layOut(drawing.starts, []);
}

type LayOut = (starts: readonly string[], stops: readonly string[]) => Scope | undefined;

function scopeLayout(
  drawing: Drawing,
  forks: Forks,
  forksOf: ReadonlyMap<string, readonly Fork[]>,
): LayOut {
  let places = 0;
  const layOut: LayOut = (starts, stops) => {
    const members = walk(drawing, starts, stops);
    const nodes: string[] = [];
    const parallels: Parallel[] = [];
    const within = new Map<string, Parallel>();
    for (const node of forks.reach.order) {
      if (!members.has(node) || within.has(node)) continue;
      nodes.push(node);
      if ((places += 1) > placesMax) return undefined;
      for (const fork of forksOf.get(node) ?? []) {
        const parallel = layOutParallel(fork, stops, members, layOut, forks);
        if (parallel === undefined) return undefined;
        parallels.push(parallel);
        for (const inner of parallel.inside) if (!within.has(inner)) within.set(inner, parallel);
      }
    }
    return { nodes, parallels, within, stops };
  };
  return layOut;
}

function layOutParallel(
  fork: Fork,
  stops: readonly string[],
  members: ReadonlySet<string>,
  layOut: LayOut,
  { reach }: Forks,
): Parallel | undefined {
  const join = joinOf(fork);
  const inner = join === undefined || stops.includes(join) ? stops : [join, ...stops];
  const branches: Scope[] = [];
  for (const target of fork.targets) {
    const branch = layOut([target], inner);
    if (branch === undefined) return undefined;
    branches.push(branch);
  }
  const own = [...members].filter((node) => fork.inside.has(node));
  if (join === undefined) return { fork, branches, inside: new Set(own) };
  if (!fork.strays || stops.includes(join)) return { fork, join, branches, inside: new Set(own) };
  const scope = layOut([join], stops);
  const after = [...members].filter((node) => reach.reaches(join, node));
  if (scope === undefined) return undefined;
  return { fork, branches, aside: { join, scope }, inside: new Set([...own, ...after]) };
}

/** Everything that can be reached without passing a stop. */
function walk(
  { successors }: Drawing,
  starts: readonly string[],
  stops: readonly string[],
): ReadonlySet<string> {
  const walls = new Set(stops);
  const reached = new Set(starts.filter((start) => !walls.has(start)));
  const pending = [...reached];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    for (const next of successors.get(node) ?? []) {
      if (walls.has(next) || reached.has(next)) continue;
      reached.add(next);
      pending.push(next);
    }
  }
  return reached;
}

/** Forks of which really all branches are taken. */
function forksByNode({ list }: Forks): ReadonlyMap<string, readonly Fork[]> {
  const byNode = new Map<string, Fork[]>();
  for (const fork of list) {
    if (fork.privateEnd !== undefined) continue;
    byNode.set(fork.node, [...(byNode.get(fork.node) ?? []), fork]);
  }
  return byNode;
}
