/**
 * Takes events from the queue to the waits that they end and the journeys that they open. Events of one customer are received one
 * after the other, as they came; those of others beside them.
 */
import type { SQSBatchResponse } from 'aws-lambda';
import type { z } from 'zod';
import type { EngineContext } from '../../lib/engine/engine-context.ts';
import { receiveEvent, type EventRequest } from '../../lib/engine/events/receive-event.ts';
import { metric } from '../../lib/metric.ts';
import { door, type Handler } from '../_shared/door.ts';
import { engine } from '../_shared/engine.ts';
import { count } from '../_shared/metrics.ts';
import { queuedStarts } from '../_shared/queued-starts.ts';
import { queueBatch, workOff } from '../_shared/sqs-batch.ts';
import { sesSource, input, type customerEvent } from './input.ts';
import { receiveSesReport } from './receive-ses-report.ts';

export const handler = receiveEvents(engine(queuedStarts));

export function receiveEvents(ctx: () => EngineContext): Handler<SQSBatchResponse> {
  return door({
    input: queueBatch,
    work: (batch) =>
      workOff(batch, {
        message: input,
        keyOf,
        work: (event) => receive(ctx(), event),
      }),
  });
}

type Message = z.infer<typeof input>;
type CustomerEvent = z.infer<typeof customerEvent>;

/** Reports of SES name no customer; they stand for themselves. */
function keyOf(event: Message): string {
  if (!isCustomerEvent(event)) return event.id;
  const { tenant, customer } = event.detail;
  return JSON.stringify([tenant, customer]);
}

function isCustomerEvent(event: Message): event is CustomerEvent {
  return event.source !== sesSource;
}

async function receive(ctx: EngineContext, event: Message): Promise<void> {
  if (!isCustomerEvent(event)) return receiveSesReport(ctx, event);
  const request = requestOf(event);
  const { routed } = await receiveEvent(ctx, request);
  count({ [metric.eventsReceived]: 1, [metric.eventsRouted]: routed }, { tenant: request.tenant });
}

function requestOf({ id, 'detail-type': type, detail }: CustomerEvent): EventRequest {
  const { tenant, customer, data } = detail;
  return {
    tenant,
    customer,
    type,
    id: detail.id ?? id,
    ...(data === undefined ? {} : { data }),
  };
}
