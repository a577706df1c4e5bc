/** Holds the executor's own work back until the test lets it run: nothing moves between two calls of the test kit. */
import type { Gate } from '../local/executor/gate.ts';

export interface WorkGate extends Gate {
  /** Lets work through while `during` runs, and whatever was held back first. */
  open<Answer>(during: () => Promise<Answer>): Promise<Answer>;
  readonly held: number;
  /** Drops what is held back, as a dying process does. */
  drop(): void;
}

export function workGate(): WorkGate {
  let held: (() => void)[] = [];
  let open = 0;
  return {
    run: (work) => {
      if (open > 0) work();
      else held.push(work);
    },
    open: async (during) => {
      open += 1;
      try {
        const released = held;
        held = [];
        for (const work of released) work();
        return await during();
      } finally {
        open -= 1;
      }
    },
    get held() {
      return held.length;
    },
    drop: () => {
      held = [];
    },
  };
}
