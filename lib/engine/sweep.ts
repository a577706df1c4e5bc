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

/** @param olderThanMs 0 after a restart, when nobody else can be keeping a promise */
export async function sweep(ctx: EngineContext, olderThanMs = promiseAgeMs): Promise<Swept> {
  const swept = { admitted: 0, started: 0, answered: 0, stopped: 0, looked: 0 };
  const before = ctx.clock.now() - olderThanMs;
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
        const { instance, since } = promisedOf(item);
        if (since > before) continue;
        swept[await keep(ctx, tenant, instance)] += 1;
      }
    }
  }
  return swept;
}

async function keep(
  ctx: EngineContext,
  tenant: string,
  id: string,
): Promise<Exclude<keyof Swept, 'admitted'>> {
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
  await startExecution(ctx, instance);
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
