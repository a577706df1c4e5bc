/** Goes from state to state until everything waits, ends or fails: the inside of one turn. */
import type { Json } from '../../json.ts';
import { enterChoice } from './choice.ts';
import { enterFail } from './fail.ts';
import type { Scope, State } from './machine.ts';
import type { Followed } from './parallel.ts';
import { startBranches } from './parallel.ts';
import { enterPass } from './pass.ts';
import type { Retries } from './retry.ts';
import { noRetries } from './retry.ts';
import { enterSucceed } from './succeed.ts';
import { startTask } from './task.ts';
import type { Outcome, Turn, Visit } from './turn.ts';
import { enterWait } from './wait.ts';

/** AWS ends an execution that reaches this many history events. */
const eventsMax = 25_000;

export function follow(turn: Turn, scope: Scope, state: string, input: Json): Followed {
  return followFrom(turn, scope, { kind: 'left', next: state, output: input });
}

/** Goes on from what came of a state; bounded by the limit on history events, of which each state costs at least one. */
export function followFrom(turn: Turn, scope: Scope, outcome: Outcome): Followed {
  let current = outcome;
  for (;;) {
    if (current.kind === 'waits') return current.strand;
    if (current.kind === 'failed') return { phase: 'failed', failure: current.failure };
    if (current.next === undefined) return { phase: 'done', output: current.output };
    if (turn.events >= eventsMax - 1) return tooManyEvents;
    current = enter(turn, scope, current.next, current.output);
  }
}

const tooManyEvents: Followed = {
  phase: 'failed',
  failure: {
    error: 'States.Runtime',
    cause: `The execution reached the maximum number of history events (${eventsMax}).`,
  },
};

function enter(turn: Turn, scope: Scope, name: string, input: Json): Outcome {
  const state = stateNamed(scope, name);
  turn.events += 1;
  turn.entered.push(name);
  const visit: Visit = { state: name, input, enteredAt: turn.now, entered: turn.events };
  switch (state.type) {
    case 'Pass':
      return enterPass(state, turn, visit);
    case 'Choice':
      return enterChoice(state, turn, visit);
    case 'Wait':
      return enterWait(state, turn, visit);
    case 'Succeed':
      return enterSucceed(state, turn, visit);
    case 'Fail':
      return enterFail(state, turn, visit);
    case 'Task':
    case 'Parallel':
      return begin(state, turn, visit, noRetries);
    default:
      return state satisfies never;
  }
}

/** Begins an attempt of a state that can be retried. */
export function begin(state: State, turn: Turn, visit: Visit, retries: Retries): Outcome {
  if (state.type === 'Task') return startTask(state, turn, visit, retries);
  if (state.type === 'Parallel') return startBranches(state, turn, visit, retries, follow);
  return { kind: 'left', next: undefined, output: visit.input };
}

export function stateNamed(scope: Scope, name: string): State {
  const state = scope.states.get(name);
  if (state === undefined) throw new Error(`The state machine has no state ${name}.`);
  return state;
}
