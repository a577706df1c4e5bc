/**
 * Ends the step of a message with what became of the message. The provider has been called, so this may neither be forgotten nor
 * be the reason to call again: it looks again until it is recorded, and a message whose instance has ended meanwhile still counts
 * as handed over (semantics T7).
 */
import type { Delivery, Outcome, RunContext } from '../../nodes/node-type.ts';
import type { WriteGroup } from '../../ports/table.ts';
import type { EngineContext } from '../engine-context.ts';
import { failStep, finishStep, type StepExtras } from '../steps/finish-step.ts';
import { instanceOf, isTerminal } from '../records/instance.ts';
import { keys } from '../records/keys.ts';
import { stepItem, type Send, type Step } from '../records/step.ts';
import { lookAgain, type Conflict } from '../look-again.ts';
import { releaseReservation, writeWithRelease } from './reserve-send.ts';
import type { Going, NodeAnswer } from '../steps/run-node.ts';
import { stopped } from '../steps/steering.ts';
import { writeUntilStored } from '../until-stored.ts';

export type SendOutcome = Extract<Outcome, { kind: 'send' }>;

export async function settleSend(
  ctx: EngineContext,
  begun: Going,
  outcome: SendOutcome,
  context: RunContext,
  send: Send,
  delivery: Delivery,
): Promise<NodeAnswer> {
  // What a webhook answered becomes the step's result; the record of the send does not need it again.
  const { response: _response, ...told } = delivery;
  return settle(ctx, begun, { ...send, ...told }, (patient, current, extras) =>
    endStep(patient, current, outcome, context, extras, delivery),
  );
}

/** No message can go this way: the step fails, and the instance with it, whatever the node says of failures. */
export async function settleMisconfigured(
  ctx: EngineContext,
  begun: Going,
  send: Send,
  failure: { readonly code: string; readonly detail: string },
): Promise<NodeAnswer> {
  const { detail } = failure;
  return settle(ctx, begun, { ...send, status: 'failed', detail }, (patient, current, extras) =>
    failStep(patient, current, failure, extras),
  );
}

async function settle(
  ctx: EngineContext,
  begun: Going,
  send: Send,
  end: (
    patient: EngineContext,
    current: Going,
    extras: StepExtras,
  ) => Promise<NodeAnswer | Conflict>,
): Promise<NodeAnswer> {
  const { owner: _owner, leaseUntil, ...settled } = send;
  const patient = storingUntil(ctx, leaseUntil);
  let current = begun;
  return lookAgain(async () => {
    const also = wasNotSent(send) ? await releaseReservation(patient, begun.instance, send) : [];
    const answer = await end(patient, current, { send: settled, also });
    if (answer === 'conflict') current = await whereItIsNow(patient, current, settled);
    return answer;
  });
}

async function endStep(
  ctx: EngineContext,
  begun: Going,
  outcome: SendOutcome,
  context: RunContext,
  extras: StepExtras,
  delivery: Delivery,
): Promise<NodeAnswer | Conflict> {
  const next = begun.node.type.resume?.(begun.node.config, context, { kind: 'delivery', delivery });
  switch (next?.kind) {
    case 'failed':
      return failStep(ctx, begun, next, extras);
    case 'completed': {
      const notes = [...(outcome.notes ?? []), ...(next.notes ?? [])];
      const result = { ...outcome.result, ...next.result };
      return finishStep(ctx, begun, { ...next, result, notes }, extras);
    }
    default:
      throw new Error(`Node type ${begun.node.type.type} did not end after its delivery.`);
  }
}

/** Somebody else moved the instance. If it is still ours, go on from where it is now; otherwise record the message alone. */
async function whereItIsNow(ctx: EngineContext, begun: Going, send: Send): Promise<Going> {
  const { tenant, id } = begun.instance;
  const item = await ctx.table.get(keys.instance(tenant, id));
  if (item === undefined) throw stopped('There is no such instance.');
  const instance = instanceOf(item);
  const token = instance.tokens.find((candidate) => candidate.node === begun.node.id);
  if (!isTerminal(instance) && token !== undefined) {
    // The claim decides about the step, also when another execution acts for the instance by now: that one finds it done.
    return { ...begun, instance, token };
  }
  await recordAlone(ctx, begun, send);
  throw stopped(`The instance is ${instance.status}.`);
}

async function recordAlone(ctx: EngineContext, begun: Going, send: Send): Promise<void> {
  if (begun.step === undefined) return;
  const step: Step = { ...begun.step, status: 'completed', send, endedAt: ctx.clock.now() };
  const group: WriteGroup = {
    name: 'send.record',
    writes: [{ put: stepItem(step), if: { equals: { status: 'sending' } } }],
  };
  if (wasNotSent(send)) await writeWithRelease(ctx, begun.instance, send, group);
  else await ctx.table.write(group);
}

/** What the provider did not take counts for no cap; what nobody can tell does (semantics 3.4). */
function wasNotSent({ status }: Send): boolean {
  return status === 'failed';
}

/** The same context with a table that does not give up before the claim's lease runs out. */
function storingUntil(ctx: EngineContext, leaseUntil: number | undefined): EngineContext {
  if (leaseUntil === undefined) return ctx;
  const { table, clock } = ctx;
  return {
    ...ctx,
    table: {
      get: (key) => table.get(key),
      query: (query) => table.query(query),
      queryIndex: (query) => table.queryIndex(query),
      write: (group) => writeUntilStored(table, clock, leaseUntil, group),
    },
  };
}
