/** Properties 4 and 5: no sequence of commands leads out of the known statuses, or out of a terminal one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  applyCommand,
  initialState,
  instanceStatuses,
  lifecycleCommands,
  type LifecycleState,
} from '../../lib/journey/lifecycle.ts';
import { countScenario } from '../support/scenario-count.ts';

const command = fc.constantFrom(...lifecycleCommands);
const commands = fc.array(command, { minLength: 1, maxLength: 50 });

test('for every sequence of commands: the status is a known one, and a refused command changes nothing', () => {
  fc.assert(
    fc.property(commands, (sequence) => {
      countScenario('4 never an invalid status', sequence);
      let state: LifecycleState = initialState;
      for (const each of sequence) {
        const before = structuredClone(state);
        const answer = applyCommand(state, each);
        expect(state).toEqual(before);
        if (!answer.ok) {
          expect(answer.refused).toBe('invalid_transition');
          continue;
        }
        state = answer.state;
        expect(instanceStatuses).toContain(state.status);
        if (state.status === 'paused') expect(['running', 'waiting']).toContain(state.before);
      }
    }),
    { numRuns: 300 },
  );
});

test('for every sequence of commands: nothing leads out of completed, failed or exited', () => {
  fc.assert(
    fc.property(fc.constantFrom('completed', 'failed', 'exited'), commands, (status, sequence) => {
      countScenario('5 terminal statuses are terminal', [status, sequence]);
      for (const each of sequence) {
        expect(applyCommand({ status }, each)).toEqual({
          ok: false,
          refused: 'invalid_transition',
        });
      }
    }),
    { numRuns: 300 },
  );
});

test('for every sequence of commands: a pause and a resume leave what was there', () => {
  fc.assert(
    fc.property(commands, (sequence) => {
      countScenario('pause and resume are inverse', sequence);
      let state: LifecycleState = initialState;
      for (const each of sequence) {
        const answer = applyCommand(state, each);
        if (answer.ok) state = answer.state;
        const paused = applyCommand(state, 'pause');
        if (paused.ok) {
          expect(applyCommand(paused.state, 'resume')).toEqual({ ok: true, state });
        }
      }
    }),
    { numRuns: 200 },
  );
});
