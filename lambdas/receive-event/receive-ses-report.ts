/**
 * What SES reports of a mail: the delivery moves on, and an open, a click, a bounce or a complaint is an event of the customer, whom
 * only the instance knows. Mails that nobody here knows any more are passed over.
 */
import type { EngineContext } from '../../lib/engine/engine-context.ts';
import { receiveEvent } from '../../lib/engine/events/receive-event.ts';
import { readInstance } from '../../lib/engine/instances/read-instance.ts';
import { reportDelivery } from '../../lib/engine/sends/report-delivery.ts';
import { isKalciferError } from '../../lib/kalcifer-error.ts';
import { readMailEvent } from '../../lib/mail-events.ts';
import { metric } from '../../lib/metric.ts';
import { count } from '../_shared/metrics.ts';

export async function receiveSesReport(ctx: EngineContext, given: unknown): Promise<void> {
  const mail = readMailEvent(given);
  if (mail === undefined) return;
  const { tenant, journey, report, event } = mail;
  if (report !== undefined) await orUnknown('delivery.unknown', reportDelivery(ctx, report));
  if (event === undefined) return;
  const instance = await orUnknown(
    'instance.unknown',
    readInstance(ctx, { tenant, instance: mail.instance }),
  );
  if (instance === undefined) return;
  const { id, type, data } = event;
  const { customer } = instance;
  const { routed } = await receiveEvent(ctx, { tenant, customer, type, id, data });
  count({ [metric.eventsReceived]: 1, [metric.eventsRouted]: routed }, { tenant, journey });
}

/** Undefined when the table does not know it. */
async function orUnknown<Answer>(code: string, work: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isKalciferError(error, code)) return undefined;
    throw error;
  }
}
