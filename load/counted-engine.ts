/**
 * The engine as functions on AWS have it: what it asks of its table is counted, while executions keep theirs elsewhere, as Step
 * Functions does. Time is virtual.
 */
import { createMemoryTable } from '../lib/adapters/local/memory-table.ts';
import { quickjsCodeRunner } from '../lib/adapters/quickjs/code-runner.ts';
import { systemClock } from '../lib/adapters/system/system-clock.ts';
import { compileJourney } from '../lib/compiler/compile-journey.ts';
import { placeholder } from '../lib/compiler/node-functions.ts';
import { engineContext, type EngineContext } from '../lib/engine/engine-context.ts';
import { readDefinition } from '../lib/engine/journeys/read-machine.ts';
import { inboxChannel } from '../lib/engine/sends/inbox-channel.ts';
import { handleTask, type TaskVerb } from '../lib/engine/steps/handle-task.ts';
import { isJsonObject, type Json } from '../lib/json.ts';
import { createExecutor } from '../lib/local/executor/executor.ts';
import { nodeTypes } from '../lib/nodes/catalogue.ts';
import { configuredChannels } from '../lib/ports/configured-channels.ts';
import type { Table } from '../lib/ports/table.ts';
import { seededChance, seededIds } from '../lib/testkit/seeded-chance.ts';
import { virtualClock } from '../lib/testkit/virtual-clock.ts';
import { acceptingChannel } from './accepting-channel.ts';
import { countCalls, type CallCounter } from './counted-table.ts';

export interface CountedEngine extends CallCounter {
  readonly ctx: EngineContext;
  /** Lets everything finish that is due, then moves time on by so much, and so on. */
  readonly pass: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** @param nameOf under which name the run of a node is counted */
export function countedEngine(
  keptIn: Table,
  nameOf: (node: string, verb: TaskVerb) => string,
): CountedEngine {
  const counter = countCalls(keptIn);
  const { table, countAs } = counter;
  const clock = virtualClock(Date.parse('2026-01-01T00:00:00Z'));
  const chance = seededChance(1);
  const ids = seededIds(chance);
  const code = quickjsCodeRunner({ clock: systemClock() });
  const executor = createExecutor({
    table: createMemoryTable(),
    clock,
    chance,
    onError: ({ error }) => {
      throw error;
    },
    definitionOf: (machine) => readDefinition({ ...ctx, table: keptIn }, machine),
    invoke: (functionName, payload) => {
      const verb = verbOf(functionName);
      return countAs(nameOf(nodeOf(payload), verb), () => handleTask(ctx, verb, payload));
    },
  });
  const accepting = acceptingChannel();
  const ctx: EngineContext = engineContext(
    {
      table,
      clock,
      ids,
      code,
      executions: executor.executions,
      channels: configuredChannels({
        email: { accepting },
        sms: { accepting },
        push: { accepting },
        whatsapp: { accepting },
        webhook: { accepting },
        in_app: { inbox: inboxChannel({ table, clock, ids }) },
      }),
      process: { id: 'p', mayBeAlive: () => true },
    },
    { nodeTypes, compile: compileJourney, templatesMustExist: true },
  );

  async function settle(): Promise<void> {
    for (let quiet = 0; quiet < quietTurns;) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      const { functionsRunning, functionsWaiting, unstored } = executor.activity();
      quiet = functionsRunning + functionsWaiting + unstored === 0 ? quiet + 1 : 0;
    }
  }

  return {
    ...counter,
    ctx,
    pass: async (ms) => {
      await settle();
      const until = clock.now() + ms;
      for (
        let next = clock.nextAlarm();
        next !== undefined && next <= until;
        next = clock.nextAlarm()
      ) {
        clock.moveTo(next);
        await settle();
      }
      clock.moveTo(until);
      await settle();
    },
    close: async () => {
      await executor.close();
      await code.close();
    },
  };
}

/** Functions hand over to each other within a turn or two. */
const quietTurns = 5;

function verbOf(functionName: string): TaskVerb {
  if (functionName === placeholder('ResolveWaitFunction')) return 'resolve_wait';
  return functionName === placeholder('FailInstanceFunction') ? 'fail_instance' : 'run_node';
}

function nodeOf(payload: Json): string {
  return isJsonObject(payload) && typeof payload.node === 'string' ? payload.node : '';
}
