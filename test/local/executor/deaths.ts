/**
 * A journey with one of everything, the world outside that answers its tokens, and a run that goes on through any number of
 * deaths.
 */
import type { JsonObject } from '../../../lib/json.ts';
import type { Executor } from '../../../lib/local/executor/executor.ts';
import type { Computer, TestFunction } from './computer.ts';
import { chainOf, startOf, task, tokenTask } from './small-machines.ts';

const retry = { Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 10 }] };

/** One of everything that a journey's machine is made of. */
export const journey: JsonObject = chainOf({
  Greet: task('greet', { Next: 'Choose' }),
  Choose: {
    Type: 'Choice',
    Choices: [{ Variable: '$.id', StringEquals: 'ada', Next: 'Rest' }],
    Default: 'Lost',
  },
  Lost: { Type: 'Fail', Error: 'Lost' },
  Rest: { Type: 'Wait', Seconds: 60, Next: 'Ask' },
  Ask: tokenTask('ask', { ResultPath: '$.answer', TimeoutSeconds: 900, ...retry, Next: 'Both' }),
  Both: {
    Type: 'Parallel',
    ResultPath: '$.both',
    Next: 'Report',
    Branches: [
      chainOf({
        Left: tokenTask('left', { Next: 'Shorten' }),
        Shorten: { Type: 'Pass', End: true },
      }),
      chainOf({ Right: task('right', { ResultPath: '$', ...retry, End: true }) }),
    ],
  },
  Report: task('report', { End: true }),
});

function busyAtFirst(attempt: number): void {
  if (attempt === 1) throw Object.assign(new Error('later'), { name: 'Busy' });
}

/**
 * What the outside world does: it remembers the tokens that it was given, and answers them, as long as nobody says that the
 * answer was taken or came too late.
 */
export interface Outside {
  readonly functions: Readonly<Record<string, TestFunction>>;
  /** Answers what there is to answer. A process that dies while it takes an answer does not acknowledge it. */
  answer(executor: Executor, computer: Computer): Promise<void>;
}

export function createOutside(): Outside {
  const tokens = new Map<string, string>();
  return {
    functions: {
      ask: (_payload, { token = '', attempt }) => {
        busyAtFirst(attempt);
        tokens.set(token, 'yes');
      },
      left: (_payload, { token = '' }) => void tokens.set(token, 'left'),
      right: (_payload, { attempt }) => {
        busyAtFirst(attempt);
        return 'right';
      },
    },
    answer: async (executor, computer) => {
      for (const [token, output] of tokens) {
        if (!computer.alive) return;
        void executor.executions.succeed({ token, output }).then(() => tokens.delete(token));
        await computer.settle();
      }
    },
  };
}

export interface Death {
  readonly at: number;
  readonly when: 'before' | 'after';
}

/** Runs the journey to its end, whatever process dies; answers how many times one died. */
export async function runThrough(
  computer: Computer,
  outside: Outside,
  deaths: readonly Death[],
): Promise<number> {
  let died = 0;
  const start = { isAcknowledged: false };
  for (;;) {
    const executor = computer.boot();
    const death = deaths[died];
    if (death !== undefined) computer.killAtWrite(death.at, death.when);
    void executor.recover();
    await computer.settle();
    if (!start.isAcknowledged) {
      void executor.executions.start(startOf('journey', 'e1', { id: 'ada' })).then(() => {
        start.isAcknowledged = true;
      });
    }
    await computer.settle();
    for (let rounds = 0; rounds < 20 && computer.alive; rounds++) {
      await outside.answer(executor, computer);
      await computer.pass(10_000);
    }
    if (computer.alive) return died;
    died += 1;
  }
}
