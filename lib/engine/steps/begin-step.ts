/**
 * The prologue of every node run (design, decision 6; semantics 7.2): is the instance live, is this its epoch, was this step
 * already done, is a token here, do exit criteria hold, is it paused? Whatever runs twice, late or out of order is recognised in
 * this one place.
 */
import { preparedVersionOf } from '../journeys/load-version.ts';
import type { EngineContext } from '../engine-context.ts';
import { leavesByCriteria } from '../instances/exit-by-criteria.ts';
import type { PreparedNode, PreparedVersion } from '../journeys/prepared-version.ts';
import { instanceOf, isTerminal, type Instance, type Token } from '../records/instance.ts';
import { keys } from '../records/keys.ts';
import { isSettled, stepOf, type Step } from '../records/step.ts';
import { paused, stopped } from './steering.ts';

/** Which node of which instance a function is asked to run. */
export interface NodeRun {
  readonly tenant: string;
  readonly instance: string;
  readonly epoch: number;
  readonly node: string;
  /** Answers the task, when the node may park. */
  readonly token?: string;
}

export type Begun =
  /** The step was done before: its recorded outcome stands. */
  | { readonly kind: 'already'; readonly instance: Instance; readonly step: Step }
  | {
      readonly kind: 'go';
      readonly instance: Instance;
      readonly token: Token;
      /** The step's row when an earlier run of it was interrupted or is parked. */
      readonly step?: Step;
      readonly version: PreparedVersion;
      readonly node: PreparedNode;
    };

/**
 * @throws Steering `Kalcifer.Stopped` when this execution has nothing to do here any more, `Kalcifer.Paused` when it has to stay
 *   before this node
 */
export async function beginStep(ctx: EngineContext, run: NodeRun): Promise<Begun> {
  const [instanceRow, stepRow] = await Promise.all([
    ctx.table.get(keys.instance(run.tenant, run.instance)),
    ctx.table.get(keys.step(run.tenant, run.instance, run.node)),
  ]);
  if (instanceRow === undefined) throw stopped('There is no such instance.');
  const instance = instanceOf(instanceRow);
  const token = instance.tokens.find((candidate) => candidate.node === run.node);
  const seen = stepRow === undefined ? undefined : stepOf(stepRow);
  const step = agrees(seen, token) ? seen : await readStep(ctx, run);
  if (instance.epoch !== run.epoch) throw stopped('Another execution acts for this instance.');
  if (step !== undefined && isSettled(step) && !isTerminal(instance)) {
    return { kind: 'already', instance, step };
  }
  if (isTerminal(instance)) throw stopped(`The instance is ${instance.status}.`);

  if (token === undefined) throw stopped('The instance is not at this node.');
  const version = await preparedVersionOf(ctx, instance);
  const node = version.nodes.get(run.node);
  if (node === undefined) throw stopped('This version has no such node.');
  if (await leavesByCriteria(ctx, instance, version)) throw stopped('An exit criterion holds.');
  if (instance.pause !== undefined && !isParked(token, ctx.clock.now())) throw paused(run.node);
  return {
    kind: 'go',
    instance,
    token,
    ...(step === undefined ? {} : { step }),
    version,
    node,
  };
}

/** False when the step was read before a write that the instance shows: both rows are written together, but read one by one. */
function agrees(step: Step | undefined, token: Token | undefined): boolean {
  if (step !== undefined && isSettled(step)) return true;
  return token !== undefined && (token.wait === undefined || step?.status === 'waiting');
}

async function readStep(ctx: EngineContext, run: NodeRun): Promise<Step | undefined> {
  const item = await ctx.table.get(keys.step(run.tenant, run.instance, run.node));
  return item === undefined ? undefined : stepOf(item);
}

/** A wait that is registered goes on during a pause; what it comes to does not. */
function isParked({ wait }: Token, now: number): boolean {
  return wait !== undefined && wait.deadline > now;
}
