/**
 * Laws of the executor over random machines, schedules and deaths: several executions side by side come to the end to which each
 * would have come alone, with the same attempts, and leave nothing in the table.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../lib/json.ts';
import type { Executor } from '../../../lib/local/executor/executor.ts';
import { seededChance } from '../../../lib/testkit/seeded-chance.ts';
import { seededTurns } from '../../../lib/testkit/turns.ts';
import { randomMachine } from '../asl/machine-arbitrary.ts';
import type { Computer, TestFunction } from './computer.ts';
import { createComputer } from './computer.ts';
import { startOf } from './small-machines.ts';

const arnOf = (name: string): string => `arn:aws:lambda:eu-central-1:123456789012:function:${name}`;

const retry: JsonObject = { Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 4 }] };

const plain = (name: string, rest: JsonObject): JsonObject => ({
  Type: 'Task',
  Resource: arnOf(name),
  ResultPath: `$.${name}`,
  ...rest,
});

const withToken = (name: string, rest: JsonObject): JsonObject => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: { FunctionName: name, Payload: { 'token.$': '$$.Task.Token' } },
  ResultPath: `$.${name}`,
  ...rest,
});

const leaf = fc.oneof(
  fc.constantFrom<JsonObject>(
    { Type: 'Pass', Result: 'passed', ResultPath: '$.pass' },
    plain('steady', {}),
    plain('flaky', retry),
    withToken('ask', { TimeoutSeconds: 100_000 }),
    withToken('askFlaky', retry),
  ),
  fc.integer({ min: 0, max: 9 }).map((Seconds) => ({ Type: 'Wait', Seconds })),
);

/** Any machine, and then a task that tells what came of it. */
const journey = randomMachine(leaf, fc.constant<JsonObject>({})).map((branch) => ({
  StartAt: 'All',
  States: {
    All: { Type: 'Parallel', Branches: [branch], Next: 'Report' },
    Report: { Type: 'Task', Resource: arnOf('report'), End: true },
  },
}));

const deaths = fc.array(
  fc.record({
    at: fc.integer({ min: 1, max: 12 }),
    when: fc.constantFrom('before' as const, 'after' as const),
  }),
  { maxLength: 4 },
);

const names = ['e0', 'e1', 'e2'];

interface Answer {
  readonly output: Json;
}

/** The answer to a token is a fact about the task, not about the token: that could be another one after a death. */
function outsideFunctions(tokens: Map<string, Answer>): Record<string, TestFunction> {
  const busyAtFirst = (attempt: number): void => {
    if (attempt === 1) throw Object.assign(new Error('later'), { name: 'Busy' });
  };
  return {
    [arnOf('steady')]: (_payload, { state }) => `steady ${state}`,
    [arnOf('flaky')]: (_payload, { state, attempt }) => {
      busyAtFirst(attempt);
      return `flaky ${state}`;
    },
    [arnOf('report')]: () => null,
    ask: (_payload, { state, token = '' }) => void tokens.set(token, { output: `asked ${state}` }),
    askFlaky: (_payload, { state, token = '', attempt }) => {
      busyAtFirst(attempt);
      tokens.set(token, { output: `asked ${state}` });
    },
  };
}

interface Schedule {
  readonly seed: number;
  readonly deaths: readonly { readonly at: number; readonly when: 'before' | 'after' }[];
}

async function run(definition: JsonObject, schedule: Schedule): Promise<Computer> {
  const turns = seededTurns(seededChance(schedule.seed));
  const tokens = new Map<string, Answer>();
  const computer = createComputer({
    definitions: { journey: definition },
    functions: outsideFunctions(tokens),
    pause: () => turns.take(() => Promise.resolve()),
    quiet: () => turns.quiet(),
  });
  const toStart = new Set(names);
  for (let lives = 0; ; lives++) {
    const executor = computer.boot();
    const death = schedule.deaths[lives];
    if (death !== undefined) computer.killAtWrite(death.at, death.when);
    void executor.recover();
    for (let round = 0; computer.alive; round++) {
      if (round > 2_000) throw new Error('The executions do not come to an end.');
      startAll(executor, toStart);
      answerAll(executor, tokens);
      await computer.pass(2_000);
      if (toStart.size + tokens.size + computer.stored().length === 0) return computer;
    }
  }
}

function startAll(executor: Executor, toStart: Set<string>): void {
  for (const name of toStart) {
    const start = startOf('journey', name, { name });
    void executor.executions.start(start).then(() => toStart.delete(name));
  }
}

function answerAll(executor: Executor, tokens: Map<string, Answer>): void {
  for (const [token, answer] of tokens) {
    void executor.executions.succeed({ token, output: answer.output }).then(() => {
      // A task that was repeated after a death has given its token out anew, and wants it answered anew.
      if (tokens.get(token) === answer) tokens.delete(token);
    });
  }
}

function reportsOf(computer: Computer): readonly string[] {
  const all = computer.invoked
    .filter(({ state }) => state === 'Report')
    .map(({ execution, payload }) => JSON.stringify([execution, payload]));
  return [...new Set(all)].sort();
}

function attemptsOf(computer: Computer): readonly string[] {
  const all = computer.invoked.map(({ execution, state, attempt }) =>
    [execution, state, attempt].join(' '),
  );
  return [...new Set(all)].sort();
}

describe('executions of a random machine', () => {
  it('end as each would have alone, however they are scheduled and whatever dies', async () => {
    const seed = fc.nat();
    await fc.assert(
      fc.asyncProperty(journey, fc.record({ seed, deaths }), async (definition, schedule) => {
        const alone = await run(definition, { seed: 0, deaths: [] });
        // Some machines copy their data into branches until it is too large.
        fc.pre(reportsOf(alone).length === names.length);
        const crowded = await run(definition, schedule);
        expect(reportsOf(crowded)).toEqual(reportsOf(alone));
        expect(attemptsOf(crowded)).toEqual(attemptsOf(alone));
        expect(crowded.reports).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('run each attempt once when nothing dies', async () => {
    await fc.assert(
      fc.asyncProperty(journey, fc.nat(), async (definition, seed) => {
        const computer = await run(definition, { seed, deaths: [] });
        expect(computer.invoked).toHaveLength(attemptsOf(computer).length);
      }),
      { numRuns: 30 },
    );
  });
});
