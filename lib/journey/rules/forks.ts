/**
 * Rules about parallel branches. G13: those that come together do so in one node, which is what a state machine can express
 * (semantics 2.4). W1: an end that is reached at once leaves its siblings without a chance (semantics T8).
 */
import { quoted, type DrawnGraph } from '../drawn-graph.ts';
import { findForks, type Fork, type Forks } from '../forks.ts';
import { edgeName } from '../graph.ts';
import type { GraphProblem } from '../graph-problem.ts';

/** G13: one problem for each fork whose branches meet in more than one node. */
export function refuseUnstructuredForks(drawn: DrawnGraph): readonly GraphProblem[] {
  const forks = findForks(drawn);
  if (forks === undefined) return [];
  return forks.list
    .filter(({ meetings }) => meetings.length > 1)
    .map((fork) => ({
      code: 'graph.unstructured_parallel',
      node: fork.node,
      message:
        `unstructured parallel: the branches that leave "${fork.node}" to ${quoted(fork.targets)}` +
        `${byBranch(fork)} come together in several places: ${quoted(fork.meetings)}`,
      hint: hintFor(drawn, forks, fork),
    }));
}

/** W1. */
export function warnOfDeadSiblings(drawn: DrawnGraph): readonly GraphProblem[] {
  return (findForks(drawn)?.list ?? []).flatMap((fork) => {
    const { privateEnd, node, targets } = fork;
    if (privateEnd === undefined) return [];
    const dead = targets.filter((target) => target !== privateEnd);
    return [
      {
        code: 'graph.dead_siblings',
        node,
        message:
          `dead siblings (W1): "${node}"${byBranch(fork)} leads to the end "${privateEnd}" at once, ` +
          `so ${quoted(dead)} never ${dead.length === 1 ? 'runs' : 'run'}`,
        hint: `Lead to "${privateEnd}" only after ${quoted(dead)}, or remove one of these edges.`,
      },
    ];
  });
}

function byBranch({ branch }: Fork): string {
  return branch === undefined ? '' : ` by its branch "${branch}"`;
}

/**
 * Two ways out. Branches that meet early become a fork of their own behind an inserted node, which keeps the meaning; or all
 * wait for each other at the first meeting.
 */
function hintFor(drawn: DrawnGraph, { reach }: Forks, fork: Fork): string {
  const [first = '', ...others] = fork.meetings;
  const early = fork.targets.filter((target) => reach.reaches(target, first));
  const astray = [fork.node, ...fork.inside]
    .flatMap((node) => drawn.leaving.get(node) ?? [])
    .filter((edge) => others.includes(edge.target))
    .filter((edge) => edge.source !== fork.node || edge.branch === fork.branch)
    .map(edgeName);
  const redirect = `Lead ${astray.length === 1 ? 'the edge' : 'the edges'} ${astray.join(', ')} to "${first}" instead`;
  if (early.length < 2 || early.length === fork.targets.length) return `${redirect}.`;
  return `${redirect}, or insert a node behind "${fork.node}" that leads to ${quoted(early)}, so that these join in "${first}" first.`;
}
