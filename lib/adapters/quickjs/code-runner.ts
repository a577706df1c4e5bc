/**
 * Runs tenants' code in QuickJS, in threads of its own: code that counts no steps, such as a search through a huge text, cannot be
 * interrupted from within, so its thread is ended, and neither the engine nor the next run notices.
 */
import type { Json } from '../../json.ts';
import type { CodeAnswer, CodeRunner } from '../../ports/code-runner.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FromWorker, ToWorker } from './code-worker.ts';
import { startCodeThread, type CodeThread } from './code-thread.ts';
import type { SandboxAnswer, SandboxRun } from './sandbox.ts';

export interface LocalCodeRunner extends CodeRunner {
  /** Ends all threads; runs under way reject. */
  close(): Promise<void>;
}

export interface CodeRunnerOptions {
  /** A clock that moves by itself, also where the journeys' clock does not. */
  readonly clock: Clock;
  /** Threads at the same time; more runs wait. Default 2. */
  readonly threadsMax?: number;
}

/** Threads begin when they are first needed. */
export function quickjsCodeRunner({ clock, threadsMax = 2 }: CodeRunnerOptions): LocalCodeRunner {
  const pool = threadPool(threadsMax);
  const tell = async <Answer extends FromWorker>(
    message: ToWorker,
    msMax: number,
    tooLong: Answer,
  ): Promise<Answer> => {
    const thread = await pool.take();
    let answer: Answer | undefined;
    try {
      answer = await beforeTooLate(clock, msMax, thread.tell(message) as Promise<Answer>);
    } catch (error) {
      await pool.drop(thread);
      throw error;
    }
    if (answer === undefined || (typeof answer === 'object' && answer.broken)) {
      await pool.drop(thread);
    } else {
      pool.giveBack(thread);
    }
    return answer ?? tooLong;
  };
  return {
    check: async (source) => {
      const tooLong: SandboxRun<string | undefined> = {
        answer: 'takes too long to read',
        broken: true,
      };
      return (await tell({ do: 'check', source }, wallMs(0), tooLong)).answer;
    },
    run: async (job) => {
      const tooLong: SandboxRun<SandboxAnswer> = {
        answer: {
          kind: 'failed',
          code: 'code.timed_out',
          detail: 'the code takes longer than its timeout allows',
        },
        broken: true,
      };
      return answerOf((await tell({ do: 'run', job }, wallMs(job.timeoutMs), tooLong)).answer);
    },
    close: () => pool.close(),
  };
}

/**
 * Steps end a run long before this on any machine that works at all; only code that takes none gets this far. In milliseconds.
 */
function wallMs(timeoutMs: number): number {
  return 2 * timeoutMs + 1_000;
}

function answerOf(answer: SandboxAnswer): CodeAnswer {
  if (answer.kind === 'failed') return answer;
  return {
    kind: 'returned',
    ...(answer.json === undefined ? {} : { value: JSON.parse(answer.json) as Json }),
  };
}

interface ThreadPool {
  take(): Promise<CodeThread>;
  giveBack(thread: CodeThread): void;
  drop(thread: CodeThread): Promise<void>;
  close(): Promise<void>;
}

function threadPool(threadsMax: number): ThreadPool {
  const idle: CodeThread[] = [];
  const busy = new Set<CodeThread>();
  const waiting: (() => void)[] = [];
  let places = threadsMax;
  return {
    take: async () => {
      while (places === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      places -= 1;
      try {
        const thread = idle.pop() ?? (await startCodeThread());
        busy.add(thread);
        return thread;
      } catch (error) {
        leave();
        throw error;
      }
    },
    giveBack: (thread) => {
      busy.delete(thread);
      idle.push(thread);
      leave();
    },
    drop: async (thread) => {
      busy.delete(thread);
      leave();
      await thread.end();
    },
    close: async () => {
      await Promise.all([...idle.splice(0), ...busy].map((thread) => thread.end()));
    },
  };

  function leave(): void {
    places += 1;
    waiting.shift()?.();
  }
}

/** Undefined when it is too late. */
async function beforeTooLate<Answer>(
  clock: Clock,
  ms: number,
  answer: Promise<Answer>,
): Promise<Answer | undefined> {
  let cancel = (): void => undefined;
  const late = new Promise<undefined>((resolve) => {
    cancel = clock.wakeAt(clock.now() + ms, () => resolve(undefined));
  });
  // When it is late, the thread is ended, and its answer fails with nobody left to hear of it.
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    cancel();
  }
}
