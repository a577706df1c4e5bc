/**
 * How a test makes the process die: at a named point, or now. From then on nothing of that process happens any more: calls under
 * way never return, and whoever waits for one is told that the process died.
 */
import { KalciferError } from '../kalcifer-error.ts';

export interface Crash {
  /** True once the process has died. */
  happened(): boolean;
  /** Dies the nth time (1 = the next) this point is reached. */
  plan(point: string, nth: number): void;
  /** Called when a point is reached; dies when it was planned. */
  reach(point: string): void;
  /** Dies now. */
  now(): void;
  /** Settles as `work` does, or rejects with `testkit.killed` when the process dies first. */
  race<Answer>(work: Promise<Answer>): Promise<Answer>;
}

export function crashable(onDeath: () => void): Crash {
  const planned = new Map<string, number>();
  let reject: (error: Error) => void = () => undefined;
  const death = new Promise<never>((_resolve, refuse) => {
    reject = refuse;
  });
  death.catch(() => undefined);
  let happened = false;
  const die = (): void => {
    if (happened) return;
    happened = true;
    onDeath();
    reject(new KalciferError('testkit.killed', 'The process was killed; call restart().'));
  };
  return {
    happened: () => happened,
    plan: (point, nth) => {
      planned.set(point, nth);
    },
    reach: (point) => {
      const left = planned.get(point);
      if (left === undefined || happened) return;
      if (left > 1) planned.set(point, left - 1);
      else die();
    },
    now: die,
    race: (work) => Promise.race([death, work]),
  };
}

/** What a dead process answers: nothing, ever. */
export function never<Answer>(): Promise<Answer> {
  return new Promise<Answer>(() => undefined);
}
