/**
 * The delivery report: what a provider told of a message after it took it. It is a row of its own beside the step's, because it may
 * come at any time, also while the message is being handed over: the step's row belongs to the send, this one to the provider.
 */
import type { Json } from '../../json.ts';
import type { Item } from '../../ports/table.ts';
import { keyParts, keys } from './keys.ts';
import type { Send } from './step.ts';

export const reportedStatuses = ['sent', 'delivered', 'bounced', 'failed'] as const;

export type ReportedStatus = (typeof reportedStatuses)[number];

export interface DeliveryReport {
  readonly tenant: string;
  readonly instance: string;
  readonly node: string;
  readonly status: ReportedStatus;
  readonly detail?: string;
  readonly providerMessageId?: string;
  /** Epoch milliseconds. */
  readonly reportedAt: number;
}

/** A send as it stands with everything that is known of it. */
export interface ShownSend extends Omit<Send, 'status'> {
  readonly status: Send['status'] | ReportedStatus;
  readonly reportedAt?: number;
}

/** The greater of what our own call found and what the provider reported later. */
export function shownSend(send: Send, report: DeliveryReport | undefined): ShownSend {
  if (report === undefined || deliveryRank(report.status) < deliveryRank(send.status)) return send;
  const { status, detail, providerMessageId, reportedAt } = report;
  const { detail: _detail, ...rest } = send;
  return {
    ...rest,
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(providerMessageId === undefined ? {} : { providerMessageId }),
    reportedAt,
  };
}

/** A delivery moves forward only (semantics 7.12.14). What nobody could tell stands where it began. */
export function deliveryRank(status: ShownSend['status']): number {
  switch (status) {
    case 'sending':
    case 'retrying':
    case 'unknown':
      return 0;
    case 'sent':
      return 1;
    case 'delivered':
    case 'bounced':
    case 'failed':
    case 'skipped':
    case 'capped':
      return 2;
  }
}

export function reportItem({ tenant, instance, node, ...fields }: DeliveryReport): Item {
  return {
    ...keys.deliveryReport(tenant, instance, node),
    ...(fields as unknown as Record<string, Json>),
  };
}

export function reportOf({ pk, sk, ...fields }: Item): DeliveryReport {
  const [tenant, , instance] = keyParts(pk);
  const [, node] = keyParts(sk);
  return { ...fields, tenant, instance, node } as unknown as DeliveryReport;
}
