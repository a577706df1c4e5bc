/** Runs functions, so many at a time; the others wait in the order in which they came. */
import type { Json } from '../../json.ts';
import type { Gate } from './gate.ts';

export interface Invocations {
  /** Runs `work` as soon as there is room; `settle` gets what became of it. */
  add(work: () => Promise<Json>, settle: (result: Settled) => void): void;
  /** Resolves when the queue is short: whoever brings work of its own accord waits for it. */
  room(): Promise<void>;
  /** Forgets the work that has not begun, and begins no more. */
  stop(): void;
  readonly counts: { readonly running: number; readonly waiting: number };
}

export type Settled = { readonly value: Json } | { readonly thrown: unknown };

/** Waiting functions, as a multiple of those that may run, from which on the queue counts as long. */
const queueFactor = 4;

interface Job {
  readonly work: () => Promise<Json>;
  readonly settle: (result: Settled) => void;
}

export function createInvocations(concurrencyMax: number, gate: Gate): Invocations {
  let waiting: Job[] = [];
  let first = 0;
  let running = 0;
  let stopped = false;
  let roomWaiters: (() => void)[] = [];

  const isShort = (): boolean => stopped || waiting.length - first < concurrencyMax * queueFactor;

  const beginNext = (): void => {
    while (running < concurrencyMax && first < waiting.length && !stopped) {
      const job = waiting[first] as Job;
      first += 1;
      running += 1;
      gate.run(() => void runJob(job));
    }
    // Taking from the front of a long array is slow, so the array is cut only when it has become mostly used up.
    if (first > 1_000 && first * 2 > waiting.length) {
      waiting = waiting.slice(first);
      first = 0;
    }
    if (roomWaiters.length > 0 && isShort()) {
      for (const proceed of roomWaiters) proceed();
      roomWaiters = [];
    }
  };
  const runJob = async ({ work, settle }: Job): Promise<void> => {
    const result = await settled(work);
    running -= 1;
    settle(result);
    beginNext();
  };

  return {
    add: (work, settle) => {
      if (stopped) return;
      waiting.push({ work, settle });
      beginNext();
    },
    room: async () => {
      if (isShort()) return;
      await new Promise<void>((resolve) => {
        roomWaiters.push(resolve);
      });
    },
    stop: () => {
      stopped = true;
      waiting = [];
      first = 0;
      beginNext();
    },
    get counts() {
      return { running, waiting: waiting.length - first };
    },
  };
}

async function settled(work: () => Promise<Json>): Promise<Settled> {
  try {
    return { value: await work() };
  } catch (thrown) {
    return { thrown };
  }
}
