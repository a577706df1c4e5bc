/**
 * Where the executor asks before it begins something by itself: to invoke a function, to look at due timers, to try a write
 * again. A test holds work back here, so that a seeded scheduler decides when and in which order it happens.
 */
export interface Gate {
  run(work: () => void): void;
}

export const openGate: Gate = {
  run: (work) => {
    work();
  },
};
