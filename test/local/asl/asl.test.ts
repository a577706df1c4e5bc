/** `kalcifer/asl` as its users see it: one call that runs a state machine, and one that checks it. */
import { describe, expect, it } from 'vitest';
import { KalciferError } from '../../../lib/kalcifer-error.ts';
import { checkStateMachine, runStateMachine } from '../../../lib/local/asl/asl.ts';
import { virtualClock } from '../../../lib/testkit/virtual-clock.ts';
import { functionArn, startInstant } from './run-machine.ts';

const greeting = {
  StartAt: 'Greet',
  States: { Greet: { Type: 'Task', Resource: functionArn, End: true } },
};

describe('runStateMachine', () => {
  it('runs on real time and real chance by default', async () => {
    const machine = {
      StartAt: 'W',
      States: {
        W: { Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z', Next: 'P' },
        P: { Type: 'Pass', Parameters: { 'id.$': 'States.UUID()' }, End: true },
      },
    };
    const { status, output, trace } = await runStateMachine(machine, {}, { invoke: () => null });
    expect([status, trace]).toEqual(['SUCCEEDED', ['W', 'P']]);
    expect(output).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
  });

  it('leaves no alarm behind: a run that has ended keeps no process alive', async () => {
    const clock = virtualClock(startInstant);
    const machine = {
      StartAt: 'Both',
      States: {
        Both: {
          Type: 'Parallel',
          End: true,
          Branches: [
            { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 86_400, End: true } } },
            { StartAt: 'T', States: { T: { ...greeting.States.Greet, TimeoutSeconds: 60 } } },
          ],
        },
      },
    };
    const { status } = await runStateMachine(
      machine,
      {},
      {
        invoke: () => Promise.reject(new Error('no')),
        clock,
      },
    );
    expect([status, clock.nextAlarm()]).toEqual(['FAILED', undefined]);
  });

  it('takes a definition as JSON text', async () => {
    const result = await runStateMachine(JSON.stringify(greeting), 'Ada', {
      invoke: (_name, payload) => `Hello ${payload as string}`,
    });
    expect(result).toEqual({ status: 'SUCCEEDED', output: 'Hello Ada', trace: ['Greet'] });
  });

  it('throws all problems of a definition that it cannot run', async () => {
    const definition = { StartAt: 'A', States: { A: { Type: 'Map' }, B: { Type: 'Pass' } } };
    const run = runStateMachine(definition, {}, { invoke: () => null });
    await expect(run).rejects.toThrow(KalciferError);
    await expect(run).rejects.toMatchObject({
      code: 'asl.invalid',
      problems: checkStateMachine(definition),
    });
    await expect(runStateMachine('{', {}, { invoke: () => null })).rejects.toThrow(KalciferError);
  });
});
