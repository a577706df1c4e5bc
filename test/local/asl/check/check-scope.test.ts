/** What is said about how the states of a machine hang together: transitions, ends, names. */
import { describe, expect, it } from 'vitest';
import { checkStateMachine } from '../../../../lib/local/asl/asl.ts';
import { functionArn } from '../run-machine.ts';

const task = { Type: 'Task', Resource: functionArn };
const other = { Type: 'Pass', End: true };

describe('checkStateMachine, across states', () => {
  it('says where a transition is missing its target, and which state is not reached', () => {
    const machine = {
      StartAt: 'A',
      States: { A: { Type: 'Pass', Next: 'C' }, B: { Type: 'Pass', End: true } },
    };
    expect(checkStateMachine(machine)).toEqual([
      { code: 'asl.transition', path: 'States.A.Next', message: "Missing 'Next' target: C" },
      { code: 'asl.transition', path: 'States.B', message: 'State "B" is not reachable.' },
    ]);
  });

  it('follows choices, defaults and catchers', () => {
    const machine = {
      StartAt: 'A',
      States: {
        A: { Type: 'Choice', Choices: [{ Variable: '$', IsNull: true, Next: 'X' }], Default: 'T' },
        T: { ...task, Catch: [{ ErrorEquals: ['E'], Next: 'Y' }], Next: 'B' },
        B: other,
      },
    };
    expect(checkStateMachine(machine).map(({ path }) => path)).toEqual([
      'States.A.Choices[0].Next',
      'States.T.Catch[0].Next',
    ]);
  });

  it('does not look for unreachable states in a workflow that cannot end', () => {
    const machine = {
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Next: 'B' },
        B: { Type: 'Pass', Next: 'A' },
        C: { Type: 'Pass', Next: 'A' },
      },
    };
    expect(checkStateMachine(machine)).toEqual([
      { code: 'asl.no-end', message: 'Workflow has no terminal state' },
    ]);
  });

  it('wants one name for one state in the whole machine, and no target outside of the branch', () => {
    const machine = {
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'A', States: { A: other } },
            { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'P' } } },
          ],
          End: true,
        },
      },
    };
    expect(checkStateMachine(machine).map(({ code, path }) => [code, path])).toEqual([
      ['asl.duplicate', 'States.P.Branches[1].States.A'],
      ['asl.transition', 'States.P.Branches[1].States.A.Next'],
      ['asl.no-end', 'States.P.Branches[1]'],
    ]);
  });

  it('wants either Next or End', () => {
    const both = { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B', End: true }, B: other } };
    expect(checkStateMachine(both).map(({ message }) => message)).toEqual([
      "You cannot specify both 'Next' and 'End'",
    ]);
    const fail = { StartAt: 'A', States: { A: { Type: 'Fail', End: true } } };
    expect(checkStateMachine(fail).map(({ path }) => path)).toEqual(['States.A.End']);
  });

  it('checks names of states', () => {
    const long = 'x'.repeat(81);
    const machine = { StartAt: long, States: { [long]: other } };
    expect(checkStateMachine(machine).map(({ message }) => message)).toEqual([
      'A state name has 1 to 80 characters',
    ]);
  });
});
