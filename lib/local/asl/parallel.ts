/**
 * Parallel: runs its branches side by side on the same input; its result is the list of their outputs in the order of the
 * branches. The first branch that fails fails the state, and what its siblings still do is ignored.
 */
import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import type { Recovery } from './attempt.ts';
import { failAttempt, visitOf } from './attempt.ts';
import { compileCatch } from './catch.ts';
import type { DataFlow } from './data-flow.ts';
import { compileDataFlow, fillParameters, flowOut, selectInput } from './data-flow.ts';
import type { Failure } from './failure.ts';
import type { Scope } from './machine.ts';
import type { Retries } from './retry.ts';
import { compileRetry } from './retry.ts';
import type { ParallelStrand, Strand } from './strand.ts';
import type { Outcome, Turn, Visit } from './turn.ts';

export interface ParallelState extends Recovery {
  readonly type: 'Parallel';
  readonly flow: DataFlow;
  readonly branches: readonly Scope[];
  readonly next: string | undefined;
}

/** A strand, or why the branch failed at once. */
export type Followed = Strand | { readonly phase: 'failed'; readonly failure: Failure };

/** Follows a scope's states from its first one until they wait, end or fail. */
export type Follow = (turn: Turn, scope: Scope, state: string, input: Json) => Followed;

export function compileParallel(
  state: JsonObject,
  compileScope: (branch: JsonObject) => Scope,
): ParallelState {
  const branches = Array.isArray(state['Branches']) ? state['Branches'].filter(isJsonObject) : [];
  return {
    type: 'Parallel',
    flow: compileDataFlow(state),
    branches: branches.map(compileScope),
    retry: compileRetry(state['Retry']),
    catch: compileCatch(state['Catch']),
    next: state['Next'] as string | undefined,
  };
}

export function startBranches(
  state: ParallelState,
  turn: Turn,
  visit: Visit,
  retries: Retries,
  follow: Follow,
): Outcome {
  const attempt = { retryCount: retries.count, token: undefined };
  const input = selectInput(state.flow, turn, visit, attempt);
  if (input.failure !== undefined) return { kind: 'failed', failure: input.failure };
  const filled = fillParameters(state.flow, turn, visit, input.value, attempt);
  if (filled.failure !== undefined) {
    return failAttempt(state, turn, visit, retries, filled.failure);
  }
  turn.events += 1;
  const branches: Strand[] = [];
  for (const scope of state.branches) {
    const branch = follow(turn, scope, scope.startAt, filled.value);
    if (branch.phase === 'failed') {
      return failBranches(state, turn, visit, retries, branch.failure);
    }
    branches.push(branch);
  }
  const strand: ParallelStrand = { ...visitOf(visit), phase: 'parallel', retries, branches };
  return joinBranches(state, turn, strand);
}

/** Takes what became of one branch: goes on when it was the last to end. */
export function replaceBranch(
  state: ParallelState,
  turn: Turn,
  strand: ParallelStrand,
  at: number,
  branch: Followed,
): Outcome {
  if (branch.phase === 'failed') {
    return failBranches(state, turn, strand, strand.retries, branch.failure);
  }
  return joinBranches(state, turn, { ...strand, branches: strand.branches.with(at, branch) });
}

function joinBranches(state: ParallelState, turn: Turn, strand: ParallelStrand): Outcome {
  const outputs: Json[] = [];
  for (const branch of strand.branches) {
    if (branch.phase !== 'done') return { kind: 'waits', strand };
    outputs.push(branch.output);
  }
  turn.events += 1;
  const attempt = { retryCount: strand.retries.count, token: undefined };
  const output = flowOut(state.flow, turn, strand, outputs, attempt);
  if (output.failure !== undefined) {
    return failAttempt(state, turn, strand, strand.retries, output.failure);
  }
  turn.events += 1;
  return { kind: 'left', next: state.next, output: output.value };
}

/** The state fails with its branch's own error, and may also be caught as `States.BranchFailed`. */
function failBranches(
  state: ParallelState,
  turn: Turn,
  visit: Visit,
  retries: Retries,
  failure: Failure,
): Outcome {
  turn.events += 1;
  return failAttempt(state, turn, visit, retries, { alias: 'States.BranchFailed', ...failure });
}
