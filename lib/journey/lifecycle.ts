/**
 * The life of an instance: which command is possible in which status, and what it leads to (semantics 3.1). The table here is
 * the only one; storage conditions are written from it.
 */
export const instanceStatuses = [
  'pending',
  'running',
  'waiting',
  'paused',
  'completed',
  'failed',
  'exited',
] as const;

export type InstanceStatus = (typeof instanceStatuses)[number];

export const lifecycleCommands = [
  'start',
  'wait',
  'wake',
  'pause',
  'resume',
  'complete',
  'fail',
  'exit',
] as const;

export type LifecycleCommand = (typeof lifecycleCommands)[number];

export type LifecycleState =
  | { readonly status: Exclude<InstanceStatus, 'paused'> }
  /** A paused instance remembers what it was, and resumes as that. */
  | { readonly status: 'paused'; readonly before: 'running' | 'waiting' };

export type LifecycleAnswer =
  | { readonly ok: true; readonly state: LifecycleState }
  | { readonly ok: false; readonly refused: 'invalid_transition' };

export const initialState: LifecycleState = { status: 'pending' };

/** Answers the state that the command leads to, or refuses a command that this status does not know. Changes nothing. */
export function applyCommand(state: LifecycleState, command: LifecycleCommand): LifecycleAnswer {
  const to = transitions[state.status][command];
  if (to === undefined) return { ok: false, refused: 'invalid_transition' };
  if (to === 'as_before') {
    return { ok: true, state: { status: state.status === 'paused' ? state.before : 'running' } };
  }
  if (to !== 'paused') return { ok: true, state: { status: to } };
  return {
    ok: true,
    state: { status: 'paused', before: state.status === 'waiting' ? 'waiting' : 'running' },
  };
}

/** True for the statuses that nothing leads out of. */
export function isTerminalStatus(status: InstanceStatus): boolean {
  return Object.keys(transitions[status]).length === 0;
}

type Row = Readonly<Partial<Record<LifecycleCommand, InstanceStatus | 'as_before'>>>;

/** Where a command is not listed, it is an invalid transition. `as_before`: the status before the pause. */
const transitions: Readonly<Record<InstanceStatus, Row>> = {
  pending: { start: 'running', fail: 'failed', exit: 'exited' },
  running: {
    wait: 'waiting',
    pause: 'paused',
    complete: 'completed',
    fail: 'failed',
    exit: 'exited',
  },
  waiting: {
    wake: 'running',
    pause: 'paused',
    complete: 'completed',
    fail: 'failed',
    exit: 'exited',
  },
  paused: { resume: 'as_before', exit: 'exited' },
  completed: {},
  failed: {},
  exited: {},
};
