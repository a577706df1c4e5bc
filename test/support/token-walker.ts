/**
 * What a customer's tokens do, written from the rules T1 to T9 of the semantics alone: no machine, no store, no engine. It knows
 * tags, messages, waits, conditions on the context, goals and exits.
 */
import type { DrawnJson } from './graphs.ts';

type Node = DrawnJson['nodes'][number];

export interface Walk {
  /** Live tokens, each at its node. */
  readonly tokens: readonly WalkToken[];
  /** Nodes that have run to their end. */
  readonly done: ReadonlySet<string>;
  /** The ends that may have come first since the last look; empty while the journey goes on. */
  readonly ended: readonly string[];
}

interface WalkToken {
  readonly node: string;
  /** Milliseconds at which its wait is over; absent while it is not parked. */
  readonly until?: number;
}

export interface Walker {
  /** T1. */
  readonly enter: (at: number) => Walk;
  /** Everything that is due at this instant, and what follows. */
  readonly moveTo: (walk: Walk, at: number) => Walk;
  readonly receive: (walk: Walk, eventType: string, at: number) => Walk;
}

const dayMs = 86_400_000;

export function tokenWalker(graph: DrawnJson, context: Readonly<Record<string, boolean>>): Walker {
  const nodeOf = (id: string): Node => {
    const node = graph.nodes.find((one) => one.id === id);
    if (node === undefined) throw new Error(`no node ${id}`);
    return node;
  };
  const next = (id: string): readonly string[] =>
    graph.edges.filter(({ source }) => source === id).map(({ target }) => target);
  const reaches = (from: string, to: string): boolean =>
    from === to || next(from).some((one) => reaches(one, to));

  /** T3, T4, T8: where a token goes from here. */
  const follow = (id: string, branch?: string): readonly string[] => {
    const targets = graph.edges
      .filter((edge) => edge.source === id && edge.branch === branch)
      .map(({ target }) => target);
    const privateEnds = targets.filter(
      (target) =>
        targets.length > 1 &&
        isEnd(nodeOf(target)) &&
        !targets.some((sibling) => sibling !== target && reaches(sibling, target)),
    );
    const [only] = privateEnds.toSorted();
    return only === undefined ? targets : [only];
  };
  const leave = (walk: Walk, id: string, branch?: string): Walk => {
    const others = walk.tokens.filter(({ node }) => node !== id);
    const arriving = follow(id, branch)
      .filter((target) => !others.some(({ node }) => node === target))
      .map((node) => ({ node }));
    return { ...walk, tokens: [...others, ...arriving], done: new Set([...walk.done, id]) };
  };
  /** T5: nobody else can still come here. */
  const mayRun = (walk: Walk, { node, until }: WalkToken): boolean =>
    until === undefined &&
    !walk.tokens.some((other) => other.node !== node && reaches(other.node, node));

  const run = (walk: Walk, { node: id }: WalkToken, at: number): Walk => {
    const { type, config } = nodeOf(id);
    if (isEnd(nodeOf(id))) {
      // What its siblings might have done first is walked on: whoever compares allows for either.
      return { ...leave(walk, id), ended: [...walk.ended, id] };
    }
    if (type === 'condition') return leave(walk, id, String(context[id] === true));
    if (type !== 'wait' && type !== 'wait_for_event') return leave(walk, id);
    const days = Number.parseInt(String(config?.duration ?? config?.timeout), 10);
    return {
      ...walk,
      tokens: walk.tokens.map((token) =>
        token.node === id ? { node: id, until: at + days * dayMs } : token,
      ),
    };
  };
  const settle = (start: Walk, at: number): Walk => {
    let walk = start;
    for (;;) {
      const token = walk.tokens.find((one) => mayRun(walk, one));
      if (token === undefined) return walk;
      walk = run(walk, token, at);
    }
  };
  return {
    enter: (at) => settle({ tokens: [{ node: 'n0' }], done: new Set(), ended: [] }, at),
    moveTo: (start, at) => {
      let walk = start;
      for (const { node, until } of start.tokens) {
        if (until === undefined || until > at) continue;
        const forEvent = nodeOf(node).type === 'wait_for_event';
        walk = leave(walk, node, forEvent ? 'timed_out' : undefined);
      }
      return settle(walk, at);
    },
    receive: (start, eventType, at) => {
      let walk = start;
      for (const { node, until } of start.tokens) {
        if (until === undefined || nodeOf(node).config?.event_type !== eventType) continue;
        walk = leave(walk, node, 'event_received');
      }
      return settle(walk, at);
    },
  };
}

function isEnd({ type, config }: Node): boolean {
  return type === 'exit' || (type === 'goal_reached' && config?.exit_after_goal === true);
}
