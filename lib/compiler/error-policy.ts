/**
 * What a state does with errors. Handlers may be run again at any point (design, decision 6), so everything is retried except
 * our own signals; what is still failing after that fails the instance. Retries wait a second at first and twice as long each time,
 * which is what Step Functions does unless told otherwise: said once here, it is not written hundreds of times into a machine.
 */
import { retriesMax, signal } from '../nodes/machine-contract.ts';
import { stateName } from './state-names.ts';
import type { Catcher, Retrier } from './state-machine.ts';

/** What a function says with an error: it will not say anything else when it is asked again. */
const answers: readonly string[] = [signal.stopped, signal.failed, signal.paused];

/**
 * Ours, and those of Lambda that say the function did not run: it was throttled, or Lambda was away. Whoever is at the node then
 * has waited for capacity, and has not failed.
 */
const outages: readonly string[] = [
  signal.unavailable,
  'Lambda.TooManyRequestsException',
  'Lambda.ServiceException',
  'Lambda.SdkClientException',
];

/** Outages of minutes to hours are waited out: about an hour and a half in all, as the delays fall. */
const retryOutage: Retrier = {
  ErrorEquals: outages,
  MaxAttempts: 100,
  MaxDelaySeconds: 120,
  JitterStrategy: 'FULL',
};

const retryEverything: Retrier = {
  ErrorEquals: ['States.ALL'],
  MaxAttempts: retriesMax,
  JitterStrategy: 'FULL',
};

/** @param outageMs what a node waits out on top of that; attempts are a minute apart on average */
export function retryTask(outageMs = 0): readonly Retrier[] {
  return [
    { ErrorEquals: answers, MaxAttempts: 0 },
    { ...retryOutage, MaxAttempts: retryOutage.MaxAttempts + Math.ceil(outageMs / 60_000) },
    retryEverything,
  ];
}

/** The timeout of a parked task is an outcome, not an error. */
export function retryWait(): readonly Retrier[] {
  return [
    { ErrorEquals: [...answers, 'States.Timeout'], MaxAttempts: 0 },
    retryOutage,
    retryEverything,
  ];
}

/** One catcher for everything: a machine has hundreds of tasks, and one choice can tell the errors apart for all of them. */
export function catchTask(): readonly Catcher[] {
  return [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: stateName.thrown }];
}

/** In a parallel branch, everything else fails the parallel state, at any depth: the outermost one catches it. */
export function catchPause(paused: string): Catcher {
  return { ErrorEquals: [signal.paused], ResultPath: '$.error', Next: paused };
}

export function catchTimeout(timedOut: string): Catcher {
  return { ErrorEquals: ['States.Timeout'], ResultPath: null, Next: timedOut };
}

/** When even the failure cannot be recorded, nothing is left to try. */
export function catchFailInstance(): readonly Catcher[] {
  return [{ ErrorEquals: [signal.stopped], ResultPath: null, Next: stateName.stopped }];
}
