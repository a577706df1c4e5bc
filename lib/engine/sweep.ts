/**
 * The sweeper: keeps the promises that a crash left open (semantics 7.6). Everything it does is something that was decided and
 * written before, so running it twice, or beside the work itself, changes nothing.
 */
import { admit } from './enrolment/admit.ts';
import { endHeldWaits } from './events/claim-waits.ts';
import { deliverAnswer, letGo } from './steps/deliver-answer.ts';
import type { EngineContext } from './engine-context.ts';
import type { Item } from '../ports/table.ts';
import { lookAtWatcher } from './customers/profile-change.ts';
import { readPartition } from './read-pages.ts';
import { instanceOf, isTerminal, type Instance } from './records/instance.ts';
import { admissionOf } from './records/admission.ts';
import {
  admissionsPk,
  keyParts,
  keys,
  promiseShards,
  promisesPk,
  tenantsPk,
} from './records/keys.ts';
import { promisedOf } from './records/promise.ts';
import { startExecution } from './enrolment/start-execution.ts';
import { isOwed, moveWrites } from './steps/step-writes.ts';

/** Younger promises are probably just being kept. */
export const promiseAgeMs = 30_000;

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
}

/**
 * @param olderThanMs 0 after a restart, when nobody else can be keeping a promise
 * @param startsOlderThanMs more than that where executions are started from a queue: who is still in line is not forgotten
 */
export async function sweep(
  ctx: EngineContext,
  olderThanMs = promiseAgeMs,
  startsOlderThanMs = olderThanMs,
): Promise<Swept> {
  const swept = { admitted: 0, started: 0, answered: 0, stopped: 0, looked: 0 };
  const now = ctx.clock.now();
  const before = now - olderThanMs;
  const startsBefore = now - startsOlderThanMs;
  for await (const { sk } of readPartition(ctx.table, { pk: tenantsPk })) {
    const [tenant = ''] = keyParts(sk);
    for await (const item of readPartition(ctx.table, { pk: admissionsPk(tenant) })) {
      const admission = admissionOf(tenant, item);
      if (admission.at > before) continue;
      await admit(ctx, admission);
      swept.admitted += 1;
    }
    for (let shard = 0; shard < promiseShards; shard++) {
      for await (const item of readPartition(ctx.table, { pk: promisesPk(tenant, shard) })) {
        if (promisedOf(item).since > before) continue;
        const done = await keep(ctx, tenant, item, startsBefore);
        if (done !== undefined) swept[done] += 1;
      }
    }
  }
  return swept;
}

async function keep(
  ctx: EngineContext,
  tenant: string,
  promised: Item,
  startsBefore: number,
): Promise<Exclude<keyof Swept, 'admitted'> | undefined> {
  const { instance: id, since } = promisedOf(promised);
  const instance = await withoutHeldEvents(ctx, tenant, id);
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
  if (since > startsBefore) return undefined;
  await startExecution(ctx, instance);
  await lookLater(ctx, promised);
  return 'started';
}

/** Whoever was put in line is not put there again every minute, however long the line is. */
async function lookLater(ctx: EngineContext, promised: Item): Promise<void> {
  const { since } = promisedOf(promised);
  await ctx.table.write({
    name: 'promise.postpone',
    writes: [{ put: { ...promised, since: ctx.clock.now() }, if: { equals: { since } } }],
  });
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
  const arrived = new Set<string>();
  for (const answer of instance.answers) {
    if ((await deliverAnswer(ctx, answer)) === 'gone') arrived.add(answer.task);
  }
  if (arrived.size === 0) return;
  const after: Instance = {
    ...instance,
    answers: instance.answers.filter((answer) => !arrived.has(answer.task)),
    revision: instance.revision + 1,
  };
  const now = ctx.clock.now();
  await ctx.table.write({
    name: 'promise.keep',
    writes: moveWrites({ before: instance, after, now }),
  });
}
