/**
 * How an instance moves: pure functions from one instance record to the next. They keep the token rules (semantics 2.3) and the
 * table of states (semantics 3.1); the caller writes the result on the condition that nobody moved it in between.
 */
import type { InstanceStatus } from '../../journey/lifecycle.ts';
import { isHeld, openJoins } from './joins.ts';
import type { PreparedNode, PreparedVersion } from '../journeys/prepared-version.ts';
import type { Answer, Instance, Intervention, OpenWait, Token } from '../records/instance.ts';

/**
 * The node is done: its token follows the edges, and the instance completes when no token is left (T3, T6). Tokens that meet at a
 * node are one from then on (T5).
 */
export function leaveNode(
  instance: Instance,
  version: PreparedVersion,
  node: PreparedNode,
  branch: string | undefined,
  now: number,
): Instance | 'no_edge_for_branch' {
  const targets = node.targets.get(branch ?? '') ?? [];
  if (branch !== undefined && targets.length === 0) return 'no_edge_for_branch';
  const tokens = instance.tokens.filter((token) => token.node !== node.id);
  const arriving = targets.filter((target) => !tokens.some((token) => token.node === target));
  const next = [...tokens, ...arriving.map((target): Token => ({ node: target }))];
  const moved = nextRevision(instance);
  return next.length === 0
    ? endInstance({ ...moved, tokens: next }, 'completed', now, undefined)
    : openJoins(withTokens(moved, version, next), version);
}

/** The node is parked. */
export function parkAtNode(
  instance: Instance,
  version: PreparedVersion,
  node: string,
  wait: OpenWait,
): Instance {
  const tokens = instance.tokens.map((token) => (token.node === node ? { node, wait } : token));
  return withTokens(nextRevision(instance), version, tokens);
}

/** The outcome of a wait is decided; the execution still has to learn it. */
export function addAnswer(instance: Instance, answer: Answer): Instance {
  return { ...instance, answers: [...instance.answers, answer] };
}

/** A step has begun at this node: the answers that led here have arrived. */
export function withoutAnswersBefore(
  instance: Instance,
  version: PreparedVersion,
  node: string,
): Instance {
  if (instance.answers.length === 0) return instance;
  const owed = instance.answers.filter(
    (answer) => answer.node !== node && !ledTo(version, answer, node),
  );
  return { ...instance, answers: owed };
}

/** A join that is a branch of its own runs without waiting for the machine to hear of what led to it. */
function ledTo({ nodes }: PreparedVersion, { node, branch }: Answer, next: string): boolean {
  const after = nodes.get(next);
  return (
    after?.joinsAside !== true &&
    nodes
      .get(node)
      ?.targets.get(branch ?? '')
      ?.includes(next) === true
  );
}

/**
 * Nothing runs, waits or is owed any more. A paused instance can only be taken out: any other end is kept until it is resumed
 * (semantics 3.1).
 */
export function endInstance(
  instance: Instance,
  status: Extract<InstanceStatus, 'completed' | 'failed' | 'exited'>,
  now: number,
  reason: string | undefined,
): Instance {
  const { pause, joins: _joins, ...unpaused } = instance;
  if (pause !== undefined && status !== 'exited') {
    const ending = { status, ...(reason === undefined ? {} : { reason }) };
    return { ...instance, pause: { ...pause, ending: pause.ending ?? ending } };
  }
  return {
    ...unpaused,
    status,
    tokens: [],
    answers: [],
    completedAt: now,
    ...(reason === undefined ? {} : { exitReason: reason }),
  };
}

/** The instance, one write later. */
export function nextRevision(instance: Instance): Instance {
  return { ...instance, revision: instance.revision + 1 };
}

/** What was done from outside is kept for the timeline; the oldest make room. */
export function withIntervention(instance: Instance, intervention: Intervention): Instance {
  const before = instance.interventions ?? [];
  return { ...instance, interventions: [...before, intervention].slice(-interventionsMax) };
}

const interventionsMax = 20;

/**
 * The status follows the tokens: a customer waits when every one is parked or held at a join. A paused instance stays paused and
 * remembers what it would be.
 */
function withTokens(
  instance: Instance,
  version: PreparedVersion,
  tokens: readonly Token[],
): Instance {
  const waits = tokens.every(
    (token) => token.wait !== undefined || isHeld(tokens, token.node, version),
  );
  const status = waits ? 'waiting' : 'running';
  return instance.pause === undefined
    ? { ...instance, tokens, status }
    : { ...instance, tokens, pause: { ...instance.pause, from: status } };
}
