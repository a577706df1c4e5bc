/**
 * Starts the executions that wait in the entry queue. How many at a time is the queue's business: what Step Functions does not take
 * now goes back to it.
 */
import type { SQSBatchResponse } from 'aws-lambda';
import { isUnavailable } from '../../lib/engine/leave-to-sweeper.ts';
import { metric } from '../../lib/metric.ts';
import type { Executions, StartRequest } from '../../lib/ports/executions.ts';
import { door, type Handler } from '../_shared/door.ts';
import { engine } from '../_shared/engine.ts';
import { count } from '../_shared/metrics.ts';
import { queueBatch, workOff } from '../_shared/sqs-batch.ts';
import { input } from './input.ts';

const ctx = engine();

export const handler = startExecutions(() => ctx().executions);

export function startExecutions(
  executions: () => Pick<Executions, 'start'>,
): Handler<SQSBatchResponse> {
  return door({
    input: queueBatch,
    work: (batch) =>
      workOff(batch, { message: input, work: ({ start }) => startOne(executions(), start) }),
  });
}

async function startOne(executions: Pick<Executions, 'start'>, start: StartRequest): Promise<void> {
  try {
    if ((await executions.start(start)) === 'started') {
      count({ [metric.executionsStarted]: 1 }, start.machine);
    }
  } catch (error) {
    if (isUnavailable(error)) count({ [metric.executionsThrottled]: 1 }, start.machine);
    throw error;
  }
}
