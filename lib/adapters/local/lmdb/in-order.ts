/** Lets calls through at once while there is nothing to wait for, and else in the order in which they came, never past each other. */
import { tableError } from './table-error.ts';

export interface InOrder {
  /** Rejects with what the work throws, in the port's words; `call` names it in them. */
  readonly run: <T>(call: string, work: () => T | Promise<T>) => Promise<T>;
}

export function createInOrder(isReady: () => boolean, makeReady: () => Promise<void>): InOrder {
  let last = Promise.resolve();
  let waiting = 0;
  return {
    run<T>(call: string, work: () => T | Promise<T>): Promise<T> {
      if (waiting === 0 && isReady()) return attempt(call, work);
      waiting += 1;
      const leave = (): void => {
        waiting -= 1;
      };
      // The next in line waits until this work has begun, not until it is done.
      const begun = last.then(makeReady).then(() => ({ answer: attempt(call, work) }));
      last = begun.then(leave, leave);
      return begun.then(
        ({ answer }) => answer,
        (error: unknown) => {
          throw tableError(call, error);
        },
      );
    },
  };
}

/** No more promises than needed: every read and write goes through here. */
function attempt<T>(call: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return Promise.reject(tableError(call, error));
  }
}
