/** Reads the steps of one instance. */
import type { JsonObject } from '../../json.ts';
import type { Table } from '../../ports/table.ts';
import type { EngineContext } from '../engine-context.ts';
import { preparedVersionOf } from '../journeys/load-version.ts';
import { readPartition } from '../read-pages.ts';
import type { Instance } from '../records/instance.ts';
import {
  reportOf,
  shownSend,
  type DeliveryReport,
  type ShownSend,
} from '../records/delivery-report.ts';
import { instancePk, reportPrefix, stepPrefix } from '../records/keys.ts';
import { stepOf, type Step } from '../records/step.ts';
import { stepReason } from './step-reason.ts';

type Of = Pick<Instance, 'tenant' | 'id'>;

/** A step as people read it. */
export interface TimelineStep extends Omit<Step, 'send'> {
  readonly type: string;
  /** Why it went this way, in plain words; never empty. */
  readonly reason: string;
  /** With what the provider reported later. */
  readonly send?: ShownSend;
}

/** Steps in the order in which they started; those of one millisecond in the order of the graph. */
export async function readTimeline(
  ctx: EngineContext,
  instance: Instance,
): Promise<readonly TimelineStep[]> {
  const version = await preparedVersionOf(ctx, instance);
  const steps = await readSteps(ctx.table, instance);
  const reports = await readReports(ctx.table, instance, steps);
  const rank = (step: Step): number => version.nodes.get(step.node)?.rank ?? 0;
  return steps
    .toSorted((a, b) => a.startedAt - b.startedAt || rank(a) - rank(b))
    .map(({ send, ...step }) => {
      const type = version.nodes.get(step.node)?.type;
      const shown = {
        ...step,
        ...(send === undefined ? {} : { send: shownSend(send, reports.get(step.node)) }),
      };
      return { ...shown, type: type?.type ?? 'unknown', reason: stepReason(shown, type, instance) };
    });
}

/** What providers reported, by node; read only where something was handed over. */
async function readReports(
  table: Table,
  of: Of,
  steps: readonly Step[],
): Promise<ReadonlyMap<string, DeliveryReport>> {
  const reports = new Map<string, DeliveryReport>();
  if (!steps.some(({ send }) => send?.provider !== undefined)) return reports;
  const query = { pk: instancePk(of.tenant, of.id), prefix: reportPrefix };
  for await (const item of readPartition(table, query)) {
    const report = reportOf(item);
    reports.set(report.node, report);
  }
  return reports;
}

/** Results of the steps so far, by node id. */
export async function readResults(table: Table, of: Of): Promise<JsonObject> {
  const steps = await readSteps(table, of);
  return Object.fromEntries(
    steps.flatMap((step) => (step.result === undefined ? [] : [[step.node, step.result]])),
  );
}

export async function readSteps(table: Table, of: Of): Promise<Step[]> {
  const steps: Step[] = [];
  const query = { pk: instancePk(of.tenant, of.id), prefix: stepPrefix };
  for await (const item of readPartition(table, query)) steps.push(stepOf(item));
  return steps;
}
