/**
 * Takes in what a provider reports of a message: delivered, bounced, failed, or sent after all. The message is found by our own
 * tag, which names the tenant, and only a later status is taken: a late report never moves a delivery back (semantics 7.12.14). A
 * send of which nobody could tell whether it left is settled by it (semantics 7.10).
 */
import { KalciferError } from '../../kalcifer-error.ts';
import { idProblem } from '../check-input.ts';
import type { EngineContext } from '../engine-context.ts';
import { lookAgain } from '../look-again.ts';
import {
  deliveryRank,
  reportItem,
  reportOf,
  shownSend,
  type DeliveryReport,
  type ReportedStatus,
  type ShownSend,
} from '../records/delivery-report.ts';
import { keys } from '../records/keys.ts';
import { stepOf } from '../records/step.ts';

export interface ReportRequest {
  /** From the credential of the provider. */
  readonly tenant: string;
  /** The provider that reports; it can only report on messages that it was given. */
  readonly provider: string;
  /** The key that the message was handed over with. */
  readonly message: string;
  readonly status: ReportedStatus;
  readonly detail?: string;
  readonly providerMessageId?: string;
}

export interface Reported {
  /** As the delivery stands now. */
  readonly status: ShownSend['status'];
  /** False when it stood there, or further, before. */
  readonly moved: boolean;
}

/** @throws KalciferError `delivery.unknown`, also for a message of another tenant or provider */
export async function reportDelivery(
  ctx: Pick<EngineContext, 'table' | 'clock'>,
  request: ReportRequest,
): Promise<Reported> {
  const { tenant, status, detail, providerMessageId } = request;
  const place = placeOf(request);
  return lookAgain(async () => {
    const before = await deliveryAt(ctx, request, place);
    if (deliveryRank(status) <= deliveryRank(before.shown.status)) {
      return { status: before.shown.status, moved: false };
    }
    const report: DeliveryReport = {
      tenant,
      ...place,
      status,
      ...(detail === undefined ? {} : { detail }),
      ...(providerMessageId === undefined ? {} : { providerMessageId }),
      reportedAt: ctx.clock.now(),
    };
    const answer = await ctx.table.write({
      name: 'delivery.report',
      writes: [
        {
          put: reportItem(report),
          if: before.reported === undefined ? 'absent' : { equals: { status: before.reported } },
        },
      ],
    });
    return answer.done ? { status, moved: true } : 'conflict';
  });
}

interface Place {
  readonly instance: string;
  readonly node: string;
}

/** `T1/<instance>/<node>` -> instance and node; only the node may have slashes, besides the tenant, which is known. */
function placeOf({ tenant, message }: ReportRequest): Place {
  const rest = message.startsWith(`${tenant}/`) ? message.slice(tenant.length + 1) : '';
  const [, instance, node] = /^([\w-]{1,64})\/(.{1,64})$/su.exec(rest) ?? [];
  if (instance === undefined || node?.isWellFormed() !== true) throw unknownDelivery();
  if (idProblem(tenant) !== undefined) throw unknownDelivery();
  return { instance, node };
}

async function deliveryAt(
  ctx: Pick<EngineContext, 'table'>,
  { tenant, provider }: ReportRequest,
  { instance, node }: Place,
): Promise<{ readonly shown: ShownSend; readonly reported?: ReportedStatus }> {
  const [stepRow, reportRow] = await Promise.all([
    ctx.table.get(keys.step(tenant, instance, node)),
    ctx.table.get(keys.deliveryReport(tenant, instance, node)),
  ]);
  const send = stepRow === undefined ? undefined : stepOf(stepRow).send;
  if (send?.provider !== provider) throw unknownDelivery();
  const report = reportRow === undefined ? undefined : reportOf(reportRow);
  return {
    shown: shownSend(send, report),
    ...(report === undefined ? {} : { reported: report.status }),
  };
}

function unknownDelivery(): KalciferError {
  return new KalciferError('delivery.unknown', 'This provider was given no such message.');
}
