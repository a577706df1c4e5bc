/**
 * What a state does with errors. Handlers may be run again at any point (design, decision 6), so everything is retried except
 * our own two final answers; what is still failing after that fails the instance.
 */
import { retriesMax, signal } from '../nodes/machine-contract.ts';
import { stateName } from './state-names.ts';
import type { Catcher, Retrier } from './state-machine.ts';

/** Outages of minutes to hours are waited out: about three hours in all. */
const retryOutage: Retrier = {
  ErrorEquals: [signal.unavailable],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 100,
  MaxDelaySeconds: 120,
  JitterStrategy: 'FULL',
};

const retryEverything: Retrier = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: retriesMax,
  MaxDelaySeconds: 60,
  JitterStrategy: 'FULL',
};

export function retryTask(): readonly Retrier[] {
  return [
    { ErrorEquals: [signal.stopped, signal.failed], MaxAttempts: 0 },
    retryOutage,
    retryEverything,
  ];
}

/** The timeout of a parked task is an outcome, not an error. */
export function retryWait(): readonly Retrier[] {
  return [
    { ErrorEquals: [signal.stopped, signal.failed, 'States.Timeout'], MaxAttempts: 0 },
    retryOutage,
    retryEverything,
  ];
}

export function catchTask(): readonly Catcher[] {
  return [
    { ErrorEquals: [signal.stopped], ResultPath: null, Next: stateName.stopped },
    { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: stateName.failInstance },
  ];
}

export function catchWait(timedOut: string): readonly Catcher[] {
  return [{ ErrorEquals: ['States.Timeout'], ResultPath: null, Next: timedOut }, ...catchTask()];
}
