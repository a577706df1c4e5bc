/**
 * A scope -> its states: those of its nodes, and for each fork a parallel state with a scope for each branch (semantics 2.4). A
 * branch puts out which joins it reached; the choice after the branches runs the join if any of them did.
 *
 * Where customers may wait for long in a branch without coming to the join, the join is a branch of its own.
 *
 * An execution that takes up customers in several places finds them by looking: each branch begins where one of its nodes is in
 * `$.fork.tokens`, looks into its own parallel states for the rest, and is over at once when nobody is in it.
 */
import { joinAnswer, signal } from '../nodes/machine-contract.ts';
import { catchTask } from './error-policy.ts';
import type { JoinAside, Parallel, Scope } from './layout.ts';
import { firstState, joinState, nodeStates, resumedState } from './node-states.ts';
import {
  freshName,
  named,
  openScope,
  overState,
  parallelState,
  placeIn,
  planOf,
  reachedPath,
  stateFor,
  type OpenMachine,
  type OpenScope,
} from './open-scope.ts';
import type { ChoiceRule, ChoiceState, ParallelState, State, States } from './state-machine.ts';
import { stateName } from './state-names.ts';

export interface ScopeStates {
  readonly states: States;
  /** Looks for customers inside of the scope's parallel branches; absent when it has none. */
  readonly search?: string;
}

export function scopeStates(machine: OpenMachine, scope: Scope, isTop: boolean): ScopeStates {
  const open = openScope(machine, scope, { isTop, label: '' });
  const search = writeScope(open);
  return { states: open.states, ...(search === undefined ? {} : { search }) };
}

/** @returns the state that looks for customers in the branches of the scope's forks; undefined when it has none */
function writeScope(open: OpenScope): string | undefined {
  for (const node of open.scope.nodes) {
    const plan = planOf(open.machine, node);
    Object.assign(open.states, nodeStates(plan, placeIn(open, plan)));
    if (plan.ends && !open.isTop) {
      open.states[named(open, node, stateName.ended(node))] = endedState;
    }
  }
  const built = open.scope.parallels.map((parallel) => ({
    parallel,
    branches: [
      ...parallel.branches.map((branch, at) => branchOf(open, parallel, branch, at)),
      ...(parallel.aside === undefined ? [] : [joinBranch(open, parallel, parallel.aside)]),
    ],
  }));
  let search: string | undefined;
  for (const { parallel, branches } of built.toReversed()) {
    writeParallel(open, parallel, branches, search);
    search = writeSearch(open, parallel, search ?? overState(open));
  }
  return search;
}

const endedState: State = {
  Type: 'Fail',
  Error: signal.ended,
  Cause: 'An end was reached in a parallel branch.',
};

/** @param search where to look on, when the customers were not in these branches */
function writeParallel(
  open: OpenScope,
  parallel: Parallel,
  branches: ParallelState['Branches'],
  search: string | undefined,
): void {
  open.states[parallelState(open, parallel)] = {
    Type: 'Parallel',
    Parameters: {
      'tenant.$': '$.tenant',
      'journey.$': '$.journey',
      'instance.$': '$.instance',
      'epoch.$': '$.epoch',
      'fork.$': '$.fork',
      reached: {},
    },
    Branches: branches,
    ResultPath: '$.branches',
    ...(open.isTop ? { Catch: catchTask() } : {}),
    Next: joinedState(open, parallel, search),
  };
}

function branchOf(
  { machine }: OpenScope,
  { fork }: Parallel,
  scope: Scope,
  at: number,
): ParallelState['Branches'][number] {
  const target = fork.targets[at] ?? '';
  const open = openScope(machine, scope, { isTop: false, label: fork.node });
  const search = writeScope(open);
  const way: ChoiceState = {
    Type: 'Choice',
    Choices: [
      {
        Variable: '$.fork.tokens',
        IsPresent: false,
        Next: stateFor(open, { node: target }),
      },
      ...scope.nodes.flatMap((node) => resumeRules(open, node)),
    ],
    Default: search ?? overState(open),
  };
  const StartAt = freshName(machine, stateName.way(fork.node));
  return { StartAt, States: { [StartAt]: way, ...open.states } };
}

/**
 * The join that stands aside waits until it is to run. An execution that begins in the middle waits for it only when a customer is in
 * the branches before it; otherwise it looks for them behind the join, and nobody else's branches are kept open meanwhile.
 */
function joinBranch(
  { machine }: OpenScope,
  { fork, inside }: Parallel,
  { join, scope }: JoinAside,
): ParallelState['Branches'][number] {
  const open = openScope(machine, scope, { isTop: false, label: join });
  const waiting = freshName(machine, stateName.join(join));
  const joins = freshName(machine, stateName.joins(join));
  const StartAt = freshName(machine, stateName.way(fork.node));
  const search = writeScope(open);
  const before = [...inside].filter((node) => machine.reaches(node, join));
  const way: ChoiceState = {
    Type: 'Choice',
    Choices: [
      { Variable: '$.fork.tokens', IsPresent: false, Next: waiting },
      ...scope.nodes.flatMap((node) => resumeRules(open, node)),
      ...(before.length === 0 ? [] : [{ Or: somebodyAt(machine, before), Next: waiting }]),
    ],
    Default: search ?? overState(open),
  };
  const states: States = {
    [waiting]: joinState(join, joins),
    [joins]: {
      Type: 'Choice',
      Choices: [
        {
          Variable: '$.step.branch',
          StringEquals: joinAnswer.runs,
          Next: stateFor(open, { node: join }),
        },
      ],
      Default: overState(open),
    },
  };
  return { StartAt, States: { [StartAt]: way, ...states, ...open.states } };
}

function resumeRules(open: OpenScope, node: string): ChoiceState['Choices'] {
  const plan = planOf(open.machine, node);
  const resumed = resumedState(plan);
  const at = (of: 'seconds' | 'tokens', state: string): ChoiceState['Choices'][number] => ({
    ...isPresent(`$.fork.${of}.${plan.key}`),
    Next: named(open, node, state),
  });
  return [
    ...(resumed === undefined ? [] : [at('seconds', resumed)]),
    at('tokens', firstState(plan)),
  ];
}

/** The first state after the branches: goes to their join, looks on, or is over. */
function joinedState(open: OpenScope, parallel: Parallel, search: string | undefined): string {
  let next = afterBranches(open, parallel, search);
  for (const stop of stopsBeyond(open, parallel)) {
    const mark = freshName(open.machine, stateName.reached(stop));
    const ResultPath = `${reachedPath}.${planOf(open.machine, stop).key}`;
    open.states[mark] = { Type: 'Pass', Result: true, ResultPath, Next: next };
    next = writeChoice(open, parallel, [{ ...reached(open, parallel, stop), Next: mark }], next);
  }
  return next;
}

function afterBranches(open: OpenScope, parallel: Parallel, search: string | undefined): string {
  const { join } = parallel;
  const choices: ChoiceState['Choices'] = [
    ...(join === undefined
      ? []
      : [{ ...reached(open, parallel, join), Next: stateFor(open, { node: join }) }]),
    ...(search === undefined ? [] : [{ ...isPresent('$.fork.tokens'), Next: search }]),
  ];
  return choices.length === 0
    ? overState(open)
    : writeChoice(open, parallel, choices, overState(open));
}

function writeChoice(
  open: OpenScope,
  { fork }: Parallel,
  choices: ChoiceState['Choices'],
  otherwise: string,
): string {
  const name = freshName(open.machine, stateName.joined(fork.node));
  open.states[name] = { Type: 'Choice', Choices: choices, Default: otherwise };
  return name;
}

/**
 * Some branch came to the node, or a customer was held there when the execution began. What that says of a join beyond the
 * scope is for the scope of that join to know: the customer need not have come from here.
 */
function reached(
  open: OpenScope,
  { fork, join, aside }: Parallel,
  node: string,
): Extract<ChoiceRule, { Or: unknown }> {
  const { key } = planOf(open.machine, node);
  const mayBeHeld = node === join && !open.scope.stops.includes(node);
  const branches = [...fork.targets, ...(aside === undefined ? [] : [aside.join])]
    .flatMap((target, at) => (open.machine.reaches(target, node) ? [at] : []))
    .map((at) => isPresent(`$.branches[${at}].${key}`));
  return { Or: mayBeHeld ? [...branches, isPresent(`$.fork.held.${key}`)] : branches };
}

/** Joins of outer forks that a branch can come to by itself, without passing the join of this one. */
function stopsBeyond({ scope, machine }: OpenScope, { fork, join }: Parallel): readonly string[] {
  return scope.stops.filter(
    (stop) =>
      stop !== join &&
      fork.targets.some((target) => machine.reaches(target, stop)) &&
      !(join !== undefined && machine.reaches(join, stop)),
  );
}

/**
 * Where forks share nodes, a customer is in the branches of that one which was taken; or, who came into the middle of its branches
 * from elsewhere, of the one that has nodes for all places.
 *
 * @returns the state that looks into these branches, and then further
 */
function writeSearch(open: OpenScope, parallel: Parallel, further: string): string {
  const { machine, scope } = open;
  const own = new Set(nodesIn(scope, parallel));
  const others = scope.parallels.filter(
    (other) => other !== parallel && nodesIn(scope, other).some((node) => own.has(node)),
  );
  const state = parallelState(open, parallel);
  if (others.length === 0) return state;
  const foreign = new Set(
    others.flatMap((other) => nodesIn(scope, other)).filter((node) => !own.has(node)),
  );
  const name = freshName(machine, stateName.search(parallel.fork.node));
  const Choices = [
    ...others.map((other) => ({ And: tookThis(machine, other), Next: further })),
    ...(foreign.size === 0 ? [] : [{ Or: somebodyAt(machine, [...foreign]), Next: further }]),
  ];
  open.states[name] = { Type: 'Choice', Choices, Default: state };
  return name;
}

/** A join beyond the scope is nobody's: customers may be held there who came from elsewhere. */
function nodesIn({ stops }: Scope, { inside, join }: Parallel): readonly string[] {
  return [...inside, ...(join === undefined ? [] : [join])].filter((node) => !stops.includes(node));
}

/** The fork was taken, and somebody is still in its branches. */
function tookThis(
  machine: OpenMachine,
  { fork, inside }: Parallel,
): Extract<ChoiceRule, { And: unknown }>['And'] {
  const Variable = `$.fork.taken.${planOf(machine, fork.node).key}`;
  return [
    isPresent(Variable),
    { Variable, StringEquals: fork.branch ?? '' },
    { Or: somebodyAt(machine, [...inside]) },
  ];
}

/** A customer was at one of the nodes when the execution began, going on or held. */
function somebodyAt(
  machine: OpenMachine,
  nodes: readonly string[],
): readonly ReturnType<typeof isPresent>[] {
  return nodes.flatMap((node) => {
    const { key } = planOf(machine, node);
    return [isPresent(`$.fork.tokens.${key}`), isPresent(`$.fork.held.${key}`)];
  });
}

function isPresent(path: string): { readonly Variable: string; readonly IsPresent: boolean } {
  return { Variable: path, IsPresent: true };
}
