/**
 * The seeded scheduler: everything that could happen at the same time asks for a turn, and the seed decides who goes first. Work
 * that nobody is waiting for any more is found by its silence: when no turn is asked for and none is being taken, all is quiet.
 */
import type { Chance } from '../ports/chance.ts';

export interface Turns {
  /** Takes a turn: `work` begins when the seed says so. Never settles when the process dies before. */
  take<Answer>(work: () => Promise<Answer>): Promise<Answer>;
  /** Resolves when nothing happens any more and nothing is about to. */
  quiet(): Promise<void>;
  /** Drops every turn that has not begun, as a dying process does. */
  drop(): void;
}

export function seededTurns(chance: Chance): Turns {
  let waiting: (() => void)[] = [];
  let taking = 0;
  let driving: Promise<void> | undefined;

  const drive = async (): Promise<void> => {
    do {
      await afterMicrotasks();
      if (taking > 0) continue;
      const now = waiting;
      waiting = [];
      for (const begin of choose(now, waiting, chance)) begin();
    } while (taking > 0 || waiting.length > 0);
    driving = undefined;
  };
  const ensureDriving = (): Promise<void> => (driving ??= drive());

  return {
    take: (work) =>
      new Promise((resolve, reject) => {
        waiting.push(() => {
          taking += 1;
          work()
            .finally(() => {
              taking -= 1;
            })
            .then(resolve, reject);
        });
        void ensureDriving();
      }),
    quiet: async () => {
      do {
        await ensureDriving();
        await afterMicrotasks();
      } while (driving !== undefined);
    },
    drop: () => {
      waiting = [];
    },
  };
}

/** In chance order, about half of those who wait; the others wait on. One alone goes at once. */
function choose(
  candidates: readonly (() => void)[],
  left: (() => void)[],
  chance: Chance,
): readonly (() => void)[] {
  if (candidates.length <= 1) return candidates;
  const shuffled = [...candidates];
  for (let place = shuffled.length - 1; place > 0; place--) {
    const other = Math.floor(chance.next() * (place + 1));
    [shuffled[place], shuffled[other]] = [
      shuffled[other] as () => void,
      shuffled[place] as () => void,
    ];
  }
  const chosen = shuffled.filter((_, place) => place === 0 || chance.next() < 0.5);
  const taken = new Set(chosen);
  left.push(...candidates.filter((candidate) => !taken.has(candidate)));
  return chosen;
}

/** Lets everything run that can run without a turn. */
async function afterMicrotasks(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
