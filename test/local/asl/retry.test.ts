/** Retriers: what they match, how long they pause, and how each of them counts its own attempts. */
import { describe, expect, it } from 'vitest';
import { functionArn, invokeArn, named, runState } from './run-machine.ts';

/** Runs a task that fails with these errors, one after the other, and then succeeds. */
async function runRetried(
  retry: readonly object[],
  errors: readonly string[],
  chance = 0.5,
): Promise<{ status: string; error?: string; attempts: number; tookMs: number }> {
  let attempts = 0;
  const result = await runState(
    { Type: 'Task', Resource: functionArn, Retry: retry },
    {},
    (_name, _payload, task) => {
      attempts += 1;
      expect(task.attempt).toBe(attempts);
      const error = errors[attempts - 1];
      if (error !== undefined) throw named(error);
    },
    { chance: { next: () => chance } },
  );
  return {
    status: result.status,
    attempts,
    tookMs: result.tookMs,
    ...(result.error !== undefined && { error: result.error }),
  };
}

describe('Retry', () => {
  it('makes three more attempts after 1, 2 and 4 seconds by default', async () => {
    const all = [{ ErrorEquals: ['States.ALL'] }];
    expect(await runRetried(all, ['A', 'A', 'A'])).toEqual({
      status: 'SUCCEEDED',
      attempts: 4,
      tookMs: 7_000,
    });
    expect(await runRetried(all, ['A', 'A', 'A', 'A'])).toEqual({
      status: 'FAILED',
      error: 'A',
      attempts: 4,
      tookMs: 7_000,
    });
  });

  it('follows interval, rate, longest delay and number of attempts', async () => {
    const retry = [
      {
        ErrorEquals: ['A'],
        IntervalSeconds: 3,
        BackoffRate: 1.5,
        MaxAttempts: 4,
        MaxDelaySeconds: 6,
      },
    ];
    const result = await runRetried(retry, ['A', 'A', 'A', 'A']);
    expect(result).toMatchObject({ attempts: 5, tookMs: 3_000 + 4_500 + 6_000 + 6_000 });
  });

  it('makes no attempt again when MaxAttempts is 0', async () => {
    expect(await runRetried([{ ErrorEquals: ['A'], MaxAttempts: 0 }], ['A'])).toMatchObject({
      status: 'FAILED',
      attempts: 1,
    });
  });

  it('shortens delays by chance when the jitter is FULL', async () => {
    const retry = [{ ErrorEquals: ['A'], IntervalSeconds: 8, JitterStrategy: 'FULL' }];
    expect(await runRetried(retry, ['A'], 0.25)).toMatchObject({ tookMs: 2_000 });
    const plain = [{ ErrorEquals: ['A'], IntervalSeconds: 8, JitterStrategy: 'NONE' }];
    expect(await runRetried(plain, ['A'], 0.25)).toMatchObject({ tookMs: 8_000 });
  });

  it('counts the attempts of each retrier by itself', async () => {
    const retry = [
      { ErrorEquals: ['A'], MaxAttempts: 1 },
      { ErrorEquals: ['B'], MaxAttempts: 2, IntervalSeconds: 10, BackoffRate: 1 },
    ];
    expect(await runRetried(retry, ['B', 'A', 'B'])).toMatchObject({
      status: 'SUCCEEDED',
      attempts: 4,
      tookMs: 21_000,
    });
    expect(await runRetried(retry, ['B', 'A', 'A'])).toMatchObject({
      status: 'FAILED',
      attempts: 3,
    });
  });

  it('leaves a used-up retrier to Catch, not to the next retrier that would match', async () => {
    const retry = [{ ErrorEquals: ['A'], MaxAttempts: 1 }, { ErrorEquals: ['States.ALL'] }];
    expect(await runRetried(retry, ['A', 'A'])).toMatchObject({ status: 'FAILED', attempts: 2 });
  });

  it('does not retry what no retrier names', async () => {
    expect(await runRetried([{ ErrorEquals: ['B'] }], ['A'])).toMatchObject({ attempts: 1 });
    expect(await runRetried([], ['A'])).toMatchObject({ attempts: 1 });
  });

  it('never retries States.Runtime', async () => {
    const result = await runState(
      {
        Type: 'Task',
        Resource: invokeArn,
        Parameters: { FunctionName: 'f', 'Payload.$': '$.none' },
        Retry: [{ ErrorEquals: ['States.ALL'] }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'S' }],
      },
      {},
      () => expect.fail('invoked'),
    );
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Runtime', tookMs: 0 });
  });
});
