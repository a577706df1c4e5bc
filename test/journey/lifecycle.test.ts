/** The 7 x 8 matrix of semantics 3.1, written out. */
import { describe, expect, test } from 'vitest';
import {
  applyCommand,
  initialState,
  instanceStatuses,
  isTerminalStatus,
  lifecycleCommands,
  type InstanceStatus,
  type LifecycleCommand,
  type LifecycleState,
} from '../../lib/journey/lifecycle.ts';

const matrix: Record<InstanceStatus, Record<LifecycleCommand, InstanceStatus | 'refused'>> = {
  pending: {
    start: 'running',
    wait: 'refused',
    wake: 'refused',
    pause: 'refused',
    resume: 'refused',
    complete: 'refused',
    fail: 'failed',
    exit: 'exited',
  },
  running: {
    start: 'refused',
    wait: 'waiting',
    wake: 'refused',
    pause: 'paused',
    resume: 'refused',
    complete: 'completed',
    fail: 'failed',
    exit: 'exited',
  },
  waiting: {
    start: 'refused',
    wait: 'refused',
    wake: 'running',
    pause: 'paused',
    resume: 'refused',
    complete: 'completed',
    fail: 'failed',
    exit: 'exited',
  },
  paused: {
    start: 'refused',
    wait: 'refused',
    wake: 'refused',
    pause: 'refused',
    resume: 'running',
    complete: 'refused',
    fail: 'refused',
    exit: 'exited',
  },
  completed: {
    start: 'refused',
    wait: 'refused',
    wake: 'refused',
    pause: 'refused',
    resume: 'refused',
    complete: 'refused',
    fail: 'refused',
    exit: 'refused',
  },
  failed: {
    start: 'refused',
    wait: 'refused',
    wake: 'refused',
    pause: 'refused',
    resume: 'refused',
    complete: 'refused',
    fail: 'refused',
    exit: 'refused',
  },
  exited: {
    start: 'refused',
    wait: 'refused',
    wake: 'refused',
    pause: 'refused',
    resume: 'refused',
    complete: 'refused',
    fail: 'refused',
    exit: 'refused',
  },
};

describe('applyCommand', () => {
  const cells = instanceStatuses.flatMap((from) =>
    lifecycleCommands.map((command) => ({ from, command, to: matrix[from][command] })),
  );

  test('the matrix has 56 cells', () => {
    expect(cells).toHaveLength(56);
  });

  test.each(cells)('$command of a $from instance: $to', ({ from, command, to }) => {
    const answer = applyCommand(stateOf(from), command);
    if (to === 'refused') expect(answer).toEqual({ ok: false, refused: 'invalid_transition' });
    else expect(answer.ok && answer.state.status).toBe(to);
  });

  test('an instance begins as pending', () => {
    expect(initialState).toEqual({ status: 'pending' });
  });

  test.each(['running', 'waiting'] as const)(
    'an instance paused while %s resumes as that',
    (before) => {
      const paused = applyCommand({ status: before }, 'pause');
      expect(paused).toEqual({ ok: true, state: { status: 'paused', before } });
      expect(applyCommand({ status: 'paused', before }, 'resume')).toEqual({
        ok: true,
        state: { status: before },
      });
    },
  );
});

describe('isTerminalStatus', () => {
  test('holds for completed, failed and exited, and for nothing else', () => {
    expect(instanceStatuses.filter(isTerminalStatus)).toEqual(['completed', 'failed', 'exited']);
  });
});

function stateOf(status: InstanceStatus): LifecycleState {
  return status === 'paused' ? { status, before: 'running' } : { status };
}
