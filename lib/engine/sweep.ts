/**
 * The sweeper: keeps the promises that a crash left open (semantics 7.6). Everything it does is something that was decided and
 * written before, so running it twice, or beside the work itself, changes nothing.
 */
import { admit } from './enrolment/admit.ts';
import { endHeldWaits } from './events/claim-waits.ts';
import { deliverAnswer, letGo } from './steps/deliver-answer.ts';
import type { EngineContext } from './engine-context.ts';
import { lookAtWatcher } from './customers/profile-change.ts';
import { readPartition } from './read-pages.ts';
import { nextRevision } from './steps/instance-moves.ts';
import { instanceOf, isTerminal, type Answer, type Instance } from './records/instance.ts';
import { admissionOf } from './records/admission.ts';
import {
  admissionsPk,
  keyParts,
  keys,
  promiseShards,
  promisesPk,
  tenantsPk,
} from './records/keys.ts';
import { askedAgain, promisedOf, type Promised } from './records/promise.ts';
import { startExecution } from './enrolment/start-execution.ts';
import { isOwed, moveWrites } from './steps/step-writes.ts';

/** Younger promises are probably just being kept. */
export const promiseAgeMs = 30_000;

/** Who is still owed something after this long is overdue: the sweeper has tried many times. */
const overdueMs = 600_000;

export interface SweepOptions {
  /** 0 after a restart, when nobody else can be keeping a promise. */
  readonly olderThanMs?: number;
  /** More than that where executions are started from a queue: who is still in line is not forgotten. */
  readonly startsOlderThanMs?: number;
  /** Asked before each promise; the next sweep goes on with what is left. */
  readonly hasTime?: () => boolean;
}

export interface Swept {
  /** Customers who had come into a segment and had not been let in. */
  readonly admitted: number;
  /** Executions that were started, or found to run. */
  readonly started: number;
  readonly answered: number;
  /** Executions of ended instances that were stopped. */
  readonly stopped: number;
  /** Instances that were held against their exit criteria. */
  readonly looked: number;
  /** Instances that had been owed something for longer than `overdueMs`; those that are paused, or stand in line, may wait. */
  readonly overdue: number;
  /** Promises that could not be kept this time. */
  readonly failed: number;
  /** The first of what came in between. */
  readonly failures: readonly unknown[];
}

type Kept = 'admitted' | 'started' | 'answered' | 'stopped' | 'looked';

/** One promise that cannot be kept never keeps the others waiting. */
export async function sweep(ctx: EngineContext, options: SweepOptions = {}): Promise<Swept> {
  const { olderThanMs = promiseAgeMs, hasTime = () => true } = options;
  const { startsOlderThanMs = olderThanMs } = options;
  const now = ctx.clock.now();
  const before = now - olderThanMs;
  const tally = newTally();
  for await (const { sk } of readPartition(ctx.table, { pk: tenantsPk })) {
    const [tenant = ''] = keyParts(sk);
    for await (const item of readPartition(ctx.table, { pk: admissionsPk(tenant) })) {
      const admission = admissionOf(tenant, item);
      if (admission.at > before) continue;
      if (!hasTime()) return tally.swept;
      await tally.attempt(async () => {
        await admit(ctx, admission);
        return 'admitted';
      });
    }
    for (const shard of shardsFrom(now)) {
      for await (const item of readPartition(ctx.table, { pk: promisesPk(tenant, shard) })) {
        const promised = promisedOf(item);
        if (promised.since > before) continue;
        if (!hasTime()) return tally.swept;
        await tally.attempt(async () => {
          const instance = await withoutHeldEvents(ctx, tenant, promised.instance);
          const isInLine =
            instance !== undefined &&
            isOwedStart(instance) &&
            promised.askedAt > now - startsOlderThanMs;
          if (promised.since <= now - overdueMs && !isInLine && instance?.pause === undefined) {
            tally.swept.overdue += 1;
          }
          return isInLine ? undefined : keep(ctx, tenant, promised, instance);
        });
      }
    }
  }
  return tally.swept;
}

interface Tally {
  readonly swept: { -readonly [Name in keyof Swept]: Swept[Name] };
  /** Counts what was kept, or that it could not be. */
  attempt(work: () => Promise<Kept | undefined>): Promise<void>;
}

const failuresKept = 20;

function newTally(): Tally {
  const failures: unknown[] = [];
  const counts = { admitted: 0, started: 0, answered: 0, stopped: 0, looked: 0 };
  const swept = { ...counts, overdue: 0, failed: 0, failures };
  return {
    swept,
    attempt: async (work) => {
      try {
        const kept = await work();
        if (kept !== undefined) swept[kept] += 1;
      } catch (error) {
        swept.failed += 1;
        if (failures.length < failuresKept) failures.push(error);
      }
    },
  };
}

const minuteMs = 60_000;

/** Each minute begins at another one, so that a sweep that never comes to its end reaches them all in time. */
function shardsFrom(now: number): readonly number[] {
  const first = Math.floor(now / minuteMs);
  return Array.from({ length: promiseShards }, (_, place) => (first + place) % promiseShards);
}

/** Its execution has to start, and nothing else is in the way. */
function isOwedStart(instance: Instance): boolean {
  return !isTerminal(instance) && instance.answers.length === 0 && isOwed(instance);
}

async function keep(
  ctx: EngineContext,
  tenant: string,
  promised: Promised,
  instance: Instance | undefined,
): Promise<Kept> {
  if (instance === undefined) return 'stopped';
  if (isTerminal(instance)) {
    await letGo(ctx, instance);
    return 'stopped';
  }
  if (instance.answers.length > 0) {
    await answerAll(ctx, instance);
    return 'answered';
  }
  if (!isOwed(instance)) {
    await lookAtWatcher(ctx, instance);
    return 'looked';
  }
  await startExecution(ctx, instance);
  // Whoever was put in line is not put there again every minute, however long the line is.
  const again = askedAgain(tenant, promised, ctx.clock.now());
  await ctx.table.write({ name: 'promise.postpone', writes: [again] });
  return 'started';
}

/** The instance as it is when the events that a pause held have taken effect. */
async function withoutHeldEvents(
  ctx: EngineContext,
  tenant: string,
  id: string,
): Promise<Instance | undefined> {
  const read = async (): Promise<Instance | undefined> => {
    const item = await ctx.table.get(keys.instance(tenant, id));
    return item === undefined ? undefined : instanceOf(item);
  };
  const instance = await read();
  if (instance === undefined || !instance.tokens.some(({ wait }) => wait?.held !== undefined)) {
    return instance;
  }
  await endHeldWaits(ctx, instance);
  return read();
}

/** Answers that nobody waits for any more have arrived before: they are struck. */
async function answerAll(ctx: EngineContext, instance: Instance): Promise<void> {
  const arrived = new Set<Answer>();
  for (const answer of instance.answers) {
    if ((await deliverAnswer(ctx, instance, answer)) === 'gone') arrived.add(answer);
  }
  if (arrived.size === 0) return;
  const after: Instance = {
    ...nextRevision(instance),
    answers: instance.answers.filter((answer) => !arrived.has(answer)),
  };
  const now = ctx.clock.now();
  await ctx.table.write({
    name: 'promise.keep',
    writes: moveWrites({ before: instance, after, now }),
  });
}
