/**
 * The pause gate: the task behind the state that an execution of a paused instance comes to. Its token is kept with the instance,
 * and resuming answers it with the node to go on at (semantics 7.8).
 */
import { atNode } from '../../nodes/machine-contract.ts';
import type { EngineContext } from '../engine-context.ts';
import { nextRevision } from './instance-moves.ts';
import { lookAgain } from '../look-again.ts';
import { instanceOf, isTerminal, type Gate, type Instance } from '../records/instance.ts';
import { keys } from '../records/keys.ts';
import { stopped } from './steering.ts';
import { moveWrites } from './step-writes.ts';

export interface GateRun extends Gate {
  readonly tenant: string;
  readonly instance: string;
  readonly epoch: number;
}

/**
 * An instance that was resumed in between goes on at once.
 *
 * @throws Steering `Kalcifer.Stopped` when the instance has ended or another execution acts for it
 */
export async function parkAtGate(ctx: EngineContext, run: GateRun): Promise<void> {
  const parked = await lookAgain(async () => {
    const item = await ctx.table.get(keys.instance(run.tenant, run.instance));
    if (item === undefined) throw stopped('There is no such instance.');
    const before = instanceOf(item);
    if (before.epoch !== run.epoch) throw stopped('Another execution acts for this instance.');
    if (isTerminal(before)) throw stopped(`The instance is ${before.status}.`);
    if (before.pause === undefined) return 'goes_on';
    const after = withGate(before, run);
    const now = ctx.clock.now();
    const answer = await ctx.table.write({
      name: 'gate.park',
      writes: moveWrites({ before, after, now }),
    });
    return answer.done ? 'parked' : 'conflict';
  });
  if (parked === 'parked') return;
  await ctx.executions.succeed({ token: run.task, output: atNode(run.node) });
}

/** A retried task has a new token, and the last one counts; what was answered to reach this node has arrived. */
function withGate(instance: Instance, { node, task }: Gate): Instance {
  const { pause } = instance;
  if (pause === undefined) return instance;
  const others = pause.gates.filter((gate) => gate.node !== node);
  return {
    ...nextRevision(instance),
    answers: instance.answers.filter((answer) => answer.node !== node),
    pause: { ...pause, gates: [...others, { node, task }] },
  };
}
