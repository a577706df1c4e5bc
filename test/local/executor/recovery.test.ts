/** Death at any write: whatever was acknowledged goes on, no task is left out, and the same attempts keep their tokens. */
import { describe, expect, it } from 'vitest';
import type { Computer, TestFunction } from './computer.ts';
import { createComputer } from './computer.ts';
import type { Death } from './deaths.ts';
import { createOutside, journey, runThrough } from './deaths.ts';
import { chainOf, startOf, task, tokenTask } from './small-machines.ts';

const report = {
  state: 'Report',
  payload: {
    id: 'ada',
    answer: 'yes',
    both: ['left', { ExecutedVersion: '$LATEST', Payload: 'right', StatusCode: 200 }],
  },
};

const attempts = [
  'Greet 1 acme#x#e1',
  'Ask 1 acme#x#e1:c',
  'Ask 2 acme#x#e1:f',
  'Right 1 acme#x#e1',
  'Left 1 acme#x#e1:n',
  'Right 2 acme#x#e1',
  'Report 1 acme#x#e1',
];

function attemptsOf(computer: Computer): readonly string[] {
  const all = computer.invoked.map(
    ({ state, attempt, token, execution }) =>
      `${state} ${attempt} ${token ?? `acme#x#${execution}`}`,
  );
  return [...new Set(all)];
}

interface Ran {
  readonly computer: Computer;
  readonly died: number;
}

async function run(deaths: readonly Death[]): Promise<Ran> {
  const outside = createOutside();
  const computer = createComputer({ definitions: { journey }, functions: outside.functions });
  const died = await runThrough(computer, outside, deaths);
  return { computer, died };
}

/** What holds for every run, however often its process died. */
function expectWhole({ computer }: Ran): void {
  const all = attemptsOf(computer);
  expect([...all].sort()).toEqual([...attempts].sort());
  expect(computer.invoked.at(-1)).toMatchObject(report);
  expect(computer.stored()).toEqual([]);
  expect(computer.reports).toEqual([]);
}

/** As many as an uninterrupted run of the journey makes. */
const writes = 13;

describe('an execution', () => {
  it('that nothing interrupts runs each task once', async () => {
    const ran = await run([]);
    expectWhole(ran);
    expect(attemptsOf(ran.computer)).toEqual(attempts);
    expect(ran.computer.invoked).toHaveLength(7);
    expect(ran.computer.written).toHaveLength(writes);
  });

  const points = Array.from({ length: writes }, (_, at) => at + 1);
  it.each(points)('comes to the same end when its process dies at write %i', async (at) => {
    for (const when of ['before', 'after'] as const) {
      const ran = await run([{ at, when }]);
      expect(ran.died).toBe(1);
      expectWhole(ran);
    }
  });

  it.each(points)('comes to the same end when processes die at write %i and later', async (at) => {
    for (const next of [1, 2, 3, 5]) {
      for (const when of ['before', 'after'] as const) {
        expectWhole(
          await run([
            { at, when },
            { at: next, when },
            { at: 1, when },
          ]),
        );
      }
    }
  });

  it.each([1, 2, 3, 4, 5, 6, 7])(
    'comes to the same end when its process dies in invocation %i',
    async (nth) => {
      const outside = createOutside();
      let invocations = 0;
      const dying =
        (name: string): TestFunction =>
        (payload, context) => {
          invocations += 1;
          if (invocations === nth) computer.kill();
          return outside.functions[name]?.(payload, context);
        };
      const names = ['greet', 'ask', 'left', 'right', 'report'];
      const functions = Object.fromEntries(names.map((name) => [name, dying(name)]));
      const computer = createComputer({ definitions: { journey }, functions });
      const died = await runThrough(computer, outside, []);
      expect(died).toBe(1);
      expectWhole({ computer, died });
    },
  );
});

const ask = chainOf({ Ask: tokenTask('ask', { Next: 'Tell' }), Tell: task('tell', { End: true }) });

describe('recover', () => {
  it('leaves parked executions where they are', async () => {
    const computer = createComputer({ definitions: { journey: ask } });
    await computer.boot().executions.start(startOf('journey'));
    await computer.settle();
    computer.kill();
    const executor = computer.boot();
    expect(await executor.recover()).toEqual({ resumed: 0 });
    expect(executor.activity().live).toBe(0);
    const [{ token = '' } = {}] = computer.invoked;
    expect(await executor.executions.succeed({ token, output: 1 })).toBe('accepted');
    await computer.settle();
    expect(computer.invoked.map(({ state }) => state)).toEqual(['Ask', 'Tell']);
  });

  it('is not needed for an answer to find its execution', async () => {
    const computer = createComputer({
      definitions: { journey: ask },
      functions: { ask: () => new Promise(() => undefined) },
    });
    await computer.boot().executions.start(startOf('journey'));
    const [{ token = '' } = {}] = computer.invoked;
    computer.kill();
    const executor = computer.boot();
    expect(await executor.executions.succeed({ token, output: 1 })).toBe('accepted');
    await computer.settle();
    // The function was invoked again before the answer was taken: nobody knew whether it had run.
    expect(computer.invoked.map(({ state }) => state)).toEqual(['Ask', 'Ask', 'Tell']);
    expect(computer.stored()).toEqual([]);
  });

  it('is not needed for an execution that somebody starts again', async () => {
    const computer = createComputer({
      definitions: { journey: chainOf({ Tell: task('tell', { End: true }) }) },
    });
    let isAcknowledged = false;
    void computer
      .boot()
      .executions.start(startOf('journey'))
      .then(() => {
        isAcknowledged = true;
      });
    computer.killAtWrite(1, 'after');
    await computer.settle();
    expect(computer.invoked).toEqual([]);
    const executor = computer.boot();
    expect(await executor.executions.start(startOf('journey'))).toBe('exists');
    await computer.settle();
    expect(computer.invoked.map(({ state }) => state)).toEqual(['Tell']);
    expect(computer.stored()).toEqual([]);
    expect(isAcknowledged).toBe(false);
  });

  it('takes up many executions, so many at a time as functions may run', async () => {
    let running = 0;
    let most = 0;
    const computer = createComputer({
      definitions: { journey: ask },
      functions: {
        ask: async () => {
          running += 1;
          most = Math.max(most, running);
          await computer.settle();
          running -= 1;
        },
      },
    });
    const before = computer.boot({ concurrencyMax: 1 });
    for (let at = 0; at < 1_200; at++) await before.executions.start(startOf('journey', `e${at}`));
    computer.kill();
    computer.invoked.length = 0;
    running = 0;
    const executor = computer.boot({ concurrencyMax: 20 });
    most = 0;
    const recovered = await executor.recover();
    expect(recovered.resumed).toBeGreaterThan(1_000);
    while (executor.activity().functionsRunning > 0) await computer.settle();
    expect(most).toBe(20);
    expect(new Set(computer.invoked.map(({ execution }) => execution)).size).toBe(
      recovered.resumed,
    );
  });

  it('goes on with the others when the machine of one cannot be read, and with that one later', async () => {
    const machine = chainOf({ Tell: task('tell', { End: true }) });
    const computer = createComputer({ definitions: { good: machine, bad: machine } });
    const before = computer.boot({ gate: { run: () => undefined } });
    await before.executions.start(startOf('bad', 'e1'));
    await before.executions.start(startOf('good', 'e2'));
    computer.kill();
    const lost = new Error('The machine is not there yet.');
    let isThere = false;
    const executor = computer.boot({
      definitionOf: ({ journey: name }) =>
        isThere || name === 'good' ? Promise.resolve(machine) : Promise.reject(lost),
    });
    expect(await executor.recover()).toEqual({ resumed: 2 });
    await computer.pass(10_000);
    expect(computer.invoked.map(({ execution }) => execution)).toEqual(['e2']);
    expect(computer.reports).toEqual([{ kind: 'execution', error: lost, execution: 'acme#x#e1' }]);
    isThere = true;
    await computer.pass(10_000);
    expect(computer.invoked.map(({ execution }) => execution)).toEqual(['e2', 'e1']);
  });
});
