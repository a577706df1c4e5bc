/**
 * Hears of every execution that has ended, however it ended, and lets the next one take up a customer who was still on the way: so
 * that nobody is stuck because somebody stopped an execution, or it came to a limit of Step Functions.
 */
import type { SQSBatchResponse } from 'aws-lambda';
import type { z } from 'zod';
import type { EngineContext } from '../../lib/engine/engine-context.ts';
import { reconcile } from '../../lib/engine/instances/reconcile.ts';
import { metric } from '../../lib/metric.ts';
import { door, type Handler } from '../_shared/door.ts';
import { engine } from '../_shared/engine.ts';
import { count } from '../_shared/metrics.ts';
import { queuedStarts } from '../_shared/queued-starts.ts';
import { queueBatch, workOff } from '../_shared/sqs-batch.ts';
import { input, ownInput } from './input.ts';

export const handler = reconcileEnded(engine(queuedStarts));

export function reconcileEnded(ctx: () => EngineContext): Handler<SQSBatchResponse> {
  return door({
    input: queueBatch,
    work: (batch) =>
      workOff(batch, { message: input, work: ({ detail }) => reconcileOne(ctx(), detail.input) }),
  });
}

async function reconcileOne(ctx: EngineContext, given: string | null | undefined): Promise<void> {
  const ended = readInput(given);
  if (ended === undefined) return;
  const { tenant, instance, epoch, journey } = ended;
  if ((await reconcile(ctx, { tenant, instance, epoch })) === 'agrees') return;
  count({ [metric.executionsLost]: 1 }, { tenant, ...(journey === undefined ? {} : { journey }) });
}

/** Undefined for what somebody started by hand with something else. */
function readInput(given: string | null | undefined): z.infer<typeof ownInput> | undefined {
  try {
    return ownInput.safeParse(JSON.parse(given ?? 'null')).data;
  } catch {
    return undefined;
  }
}
