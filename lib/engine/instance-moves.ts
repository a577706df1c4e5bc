/**
 * How an instance moves: pure functions from one instance record to the next. They keep the token rules (semantics 2.3) and the
 * table of states (semantics 3.1); the caller writes the result on the condition that nobody moved it in between.
 */
import type { InstanceStatus } from '../journey/lifecycle.ts';
import type { PreparedNode, PreparedVersion } from './prepared-version.ts';
import type { Answer, Instance, OpenWait, Token } from './records/instance.ts';

/** The node is done: its token follows the edges, and the instance completes when no token is left (T3, T6). */
export function leaveNode(
  instance: Instance,
  node: PreparedNode,
  branch: string | undefined,
  now: number,
): Instance | 'no_edge_for_branch' {
  const targets = node.targets.get(branch ?? '') ?? [];
  if (branch !== undefined && targets.length === 0) return 'no_edge_for_branch';
  const tokens = instance.tokens.filter((token) => token.node !== node.id);
  const arriving = targets.filter((target) => !tokens.some((token) => token.node === target));
  const moved: Instance = {
    ...instance,
    tokens: [...tokens, ...arriving.map((target): Token => ({ node: target }))],
    revision: instance.revision + 1,
  };
  return moved.tokens.length === 0
    ? endInstance(moved, 'completed', now, undefined)
    : { ...moved, status: liveStatus(moved.tokens) };
}

/** The node is parked. */
export function parkAtNode(instance: Instance, node: string, wait: OpenWait): Instance {
  const tokens = instance.tokens.map((token) => (token.node === node ? { node, wait } : token));
  return { ...instance, tokens, status: liveStatus(tokens), revision: instance.revision + 1 };
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
  const owed = instance.answers.filter((answer) => !leadsTo(version.nodes.get(answer.node), node));
  return { ...instance, answers: owed };
}

function leadsTo(from: PreparedNode | undefined, node: string): boolean {
  return from !== undefined && [...from.targets.values()].some((targets) => targets.includes(node));
}

/** Nothing runs, waits or is owed any more. */
export function endInstance(
  instance: Instance,
  status: Extract<InstanceStatus, 'completed' | 'failed' | 'exited'>,
  now: number,
  reason: string | undefined,
): Instance {
  return {
    ...instance,
    status,
    tokens: [],
    answers: [],
    completedAt: now,
    ...(reason === undefined ? {} : { exitReason: reason }),
  };
}

function liveStatus(tokens: readonly Token[]): 'running' | 'waiting' {
  return tokens.every((token) => token.wait !== undefined) ? 'waiting' : 'running';
}
