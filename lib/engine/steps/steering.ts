/**
 * How a handler steers its execution: by the names of the errors it throws, which the compiled machine catches. A thrown signal
 * means "this is decided and recorded"; any other error means "try again".
 */
import { pausedBefore, signal } from '../../nodes/machine-contract.ts';

/** Thrown out of a handler; `name` is what the machine sees, `message` becomes the cause in its history. */
export class Steering extends Error {
  constructor(name: (typeof signal)[keyof typeof signal], message: string) {
    super(message);
    this.name = name;
  }
}

/** Nothing is left to do for this execution: the instance has ended or lives in another epoch. */
export function stopped(why: string): Steering {
  return new Steering(signal.stopped, why);
}

/** The instance has failed, and this is recorded. */
export function failed(why: string): Steering {
  return new Steering(signal.failed, why);
}

/** The instance is paused: the execution goes to the pause gate, and from there back to this node. */
export function paused(node: string): Steering {
  return new Steering(signal.paused, pausedBefore(node));
}

/** Nothing is decided and nothing has failed: the store or the executor is away, or it is too early. The machine waits it out. */
export class Unavailable extends Error {
  constructor(why: string) {
    super(why);
    this.name = signal.unavailable;
  }
}

/** Worth another try by the machine's retry rules: a provider or the store did not take it this time. */
export class TryAgain extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'Kalcifer.TryAgain';
  }
}
