/**
 * A scope while its states are written: the top of a machine, or one branch of a parallel state. It knows which state a lead goes
 * to, and writes the small states that stand between nodes when somebody first leads to them.
 */
import type { Fork } from '../journey/forks.ts';
import { atNode } from '../nodes/machine-contract.ts';
import type { Parallel, Scope } from './layout.ts';
import { firstState, pauseState, type Lead, type NodePlan, type Place } from './node-states.ts';
import type { State } from './state-machine.ts';
import { numbered, stateName } from './state-names.ts';

/** What all scopes of one machine share. */
export interface OpenMachine {
  readonly plans: ReadonlyMap<string, NodePlan>;
  readonly reaches: (from: string, to: string) => boolean;
  /** How often each name was asked for: names are unique over the whole machine. */
  readonly taken: Map<string, number>;
}

export interface OpenScope {
  readonly machine: OpenMachine;
  readonly scope: Scope;
  readonly isTop: boolean;
  /** The node whose name the states between nodes bear, when they are about none of them. */
  readonly label: string;
  readonly states: Record<string, State>;
  /** Which set of states a node has here, when it has several in the machine. */
  readonly copies: ReadonlyMap<string, number>;
  /** Names of the states between nodes, by what they are for. */
  readonly between: Map<string, string>;
}

export function openScope(
  machine: OpenMachine,
  scope: Scope,
  { isTop, label }: Pick<OpenScope, 'isTop' | 'label'>,
): OpenScope {
  const copies = new Map(scope.nodes.map((node) => [node, count(machine, node)]));
  return { machine, scope, isTop, label, states: {}, copies, between: new Map() };
}

/** Path to what a branch puts out: the joins that it reached, by the keys of their nodes. */
export const reachedPath = '$.reached';

export function placeIn(open: OpenScope, plan: NodePlan): Place {
  return {
    named: (name) => named(open, plan.id, name),
    stateFor: (lead) => stateFor(open, lead),
    resumedSeconds: open.isTop ? '$.step.seconds' : `$.fork.seconds.${plan.key}`,
    ...(open.isTop ? {} : { output: reachedPath, paused: () => pausedState(open) }),
  };
}

/** The name of a node's state in this scope. */
export function named(open: OpenScope, node: string, name: string): string {
  return numbered(name, open.copies.get(node) ?? 1);
}

/** A name that no other state of the machine has. */
export function freshName(machine: OpenMachine, name: string): string {
  return numbered(name, count(machine, name));
}

export function planOf({ plans }: OpenMachine, node: string): NodePlan {
  const plan = plans.get(node);
  if (plan === undefined) throw new Error(`compileGraph needs a valid graph: no node ${node}`);
  return plan;
}

/** The state that a lead goes to, from anywhere in this scope. */
export function stateFor(open: OpenScope, lead: Lead): string {
  if ('fork' in lead) return forkState(open, lead.fork);
  const { node } = lead;
  if (open.scope.stops.includes(node)) return arrivedState(open, node);
  const parallel = open.scope.within.get(node);
  if (parallel !== undefined) return enterState(open, node, parallel);
  return named(open, node, firstState(planOf(open.machine, node)));
}

export function parallelState(open: OpenScope, { fork }: Parallel): string {
  return between(open, `parallel ${forkKey(fork)}`, stateName.parallel(fork.node));
}

/** Where the scope is over without having come to a join. */
export function overState(open: OpenScope): string {
  if (open.isTop) return stateName.stopped;
  return between(open, 'over', stateName.over(open.label), () => ({
    Type: 'Pass',
    OutputPath: reachedPath,
    End: true,
  }));
}

/** Resuming answers with the node to go on at. */
function pausedState(open: OpenScope): string {
  return between(open, 'paused', stateName.pausedIn(open.label), () => ({
    ...pauseState(),
    Next: goOnState(open),
  }));
}

function goOnState(open: OpenScope): string {
  return between(open, 'go on', stateName.goOn(open.label), () => ({
    Type: 'Choice',
    Choices: open.scope.nodes.map((node) => ({
      Variable: '$.at',
      StringEquals: atNode(node),
      Next: named(open, node, firstState(planOf(open.machine, node))),
    })),
  }));
}

/** The empty map says that the branches begin at their beginning, whatever the execution began with. */
function forkState(open: OpenScope, fork: Fork): string {
  const parallel = open.scope.parallels.find((candidate) => candidate.fork === fork);
  if (parallel === undefined) throw new Error(`The fork at ${fork.node} stands in another scope.`);
  return between(open, `fork ${forkKey(fork)}`, stateName.fork(fork.node), () => ({
    Type: 'Pass',
    Result: {},
    ResultPath: '$.fork',
    Next: parallelState(open, parallel),
  }));
}

function arrivedState(open: OpenScope, node: string): string {
  return between(open, `arrived ${node}`, stateName.arrived(node), () => ({
    Type: 'Pass',
    Result: true,
    ResultPath: `${reachedPath}.${planOf(open.machine, node).key}`,
    OutputPath: reachedPath,
    End: true,
  }));
}

function enterState(open: OpenScope, node: string, parallel: Parallel): string {
  return between(open, `enter ${node}`, stateName.enter(node), () => ({
    Type: 'Pass',
    Result: { tokens: { [planOf(open.machine, node).key]: true } },
    ResultPath: '$.fork',
    Next: parallelState(open, parallel),
  }));
}

/** Names what stands between nodes, once for each purpose, and writes it where it is a state of its own. */
function between(open: OpenScope, purpose: string, wanted: string, write?: () => State): string {
  const known = open.between.get(purpose);
  if (known !== undefined) return known;
  const name = freshName(open.machine, wanted);
  open.between.set(purpose, name);
  if (write !== undefined) open.states[name] = write();
  return name;
}

function forkKey({ node, branch }: Fork): string {
  return JSON.stringify([node, branch ?? null]);
}

function count({ taken }: OpenMachine, name: string): number {
  const times = (taken.get(name) ?? 0) + 1;
  taken.set(name, times);
  return times;
}
