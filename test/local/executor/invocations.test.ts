/** The queue of functions: so many at a time, in their order, and room for those who bring more. */
import { describe, expect, it } from 'vitest';
import { openGate } from '../../../lib/local/executor/gate.ts';
import type { Invocations, Settled } from '../../../lib/local/executor/invocations.ts';
import { createInvocations } from '../../../lib/local/executor/invocations.ts';

interface Queue {
  readonly invocations: Invocations;
  readonly begun: number[];
  readonly settled: Settled[];
  /** Lets one function return. */
  readonly finish: (at: number) => Promise<void>;
}

function queueOf(concurrencyMax: number, jobs: number): Queue {
  const invocations = createInvocations(concurrencyMax, openGate);
  const begun: number[] = [];
  const settled: Settled[] = [];
  const finishers = new Map<number, () => void>();
  for (let at = 0; at < jobs; at++) {
    invocations.add(
      () => {
        begun.push(at);
        return new Promise((resolve) => {
          finishers.set(at, () => {
            resolve(at);
          });
        });
      },
      (result) => settled.push(result),
    );
  }
  return {
    invocations,
    begun,
    settled,
    finish: async (at) => {
      finishers.get(at)?.();
      await settle();
    },
  };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('invocations', () => {
  it('begin in their order, as many as may run', async () => {
    const { invocations, begun, finish } = queueOf(2, 4);
    expect(begun).toEqual([0, 1]);
    expect(invocations.counts).toEqual({ running: 2, waiting: 2 });
    await finish(1);
    expect(begun).toEqual([0, 1, 2]);
    await finish(0);
    expect(begun).toEqual([0, 1, 2, 3]);
    expect(invocations.counts).toEqual({ running: 2, waiting: 0 });
  });

  it('tell what came of each, also of one that throws before it has begun to wait', async () => {
    const invocations = createInvocations(1, openGate);
    const settled: Settled[] = [];
    const thrown = new Error('no');
    const note = (result: Settled): number => settled.push(result);
    invocations.add(() => Promise.resolve({ value: 1 }), note);
    invocations.add(() => Promise.reject(thrown), note);
    invocations.add(() => {
      throw thrown;
    }, note);
    await settle();
    expect(settled).toEqual([{ value: { value: 1 } }, { thrown }, { thrown }]);
  });

  it('have room while the queue is at most four times as long as the row of those that run', async () => {
    const { invocations, finish } = queueOf(1, 6);
    const passed: string[] = [];
    void invocations.room().then(() => passed.push('a'));
    void invocations.room().then(() => passed.push('b'));
    await settle();
    expect(passed).toEqual([]);
    await finish(0);
    await finish(1);
    expect(passed).toEqual(['a', 'b']);
    await invocations.room();
  });

  it('forget those that wait when they are stopped, and settle those that run', async () => {
    const { invocations, begun, settled, finish } = queueOf(1, 10);
    const waiting = invocations.room();
    invocations.stop();
    await waiting;
    expect(invocations.counts).toEqual({ running: 1, waiting: 0 });
    invocations.add(
      () => Promise.reject(new Error('never')),
      () => undefined,
    );
    await finish(0);
    expect([begun, settled]).toEqual([[0], [{ value: 0 }]]);
    expect(invocations.counts).toEqual({ running: 0, waiting: 0 });
  });

  it('keep their order through thousands that wait', async () => {
    const invocations = createInvocations(3, openGate);
    const begun: number[] = [];
    for (let at = 0; at < 5_000; at++) {
      invocations.add(
        () => Promise.resolve(begun.push(at)),
        () => undefined,
      );
    }
    await settle();
    expect(begun).toEqual(Array.from({ length: 5_000 }, (_, at) => at));
  });
});
