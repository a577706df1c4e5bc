/**
 * What one row of the table states, as it is: the facts that hold as long as it looks like this. Rows that are none of history, and
 * rows that cannot be read, state nothing.
 */
import { historySortKeys } from '../../history-rows.ts';
import { instanceStatuses } from '../../journey/lifecycle.ts';
import type { Item } from '../../ports/table.ts';
import { reportOf } from '../records/delivery-report.ts';
import { instanceOf, isTerminal, type Instance } from '../records/instance.ts';
import { keyParts } from '../records/keys.ts';
import { isSettled, stepOf, type Send, type Step } from '../records/step.ts';
import { factId, type Fact } from './fact.ts';

export function factsOfRow(item: Item | undefined): readonly Fact[] {
  if (item === undefined || keyParts(item.pk)[1] !== 'i') return [];
  return readable(() => {
    const { instance, stepPrefix, reportPrefix } = historySortKeys;
    if (item.sk === instance) return instanceFacts(instanceOf(item));
    if (item.sk.startsWith(stepPrefix)) return stepFacts(stepOf(item));
    return item.sk.startsWith(reportPrefix) ? reportFacts(item) : [];
  });
}

function instanceFacts(instance: Instance): readonly Fact[] {
  const { tenant, id, journey, version, customer, entry, epoch, event } = instance;
  const of = { tenant, instance: id, journey, version, customer, epoch };
  const entered: Fact = {
    ...of,
    eventId: factId({ ...of, kind: 'entered' }),
    kind: 'entered',
    at: instance.enteredAt,
    node: entry,
    ...(event === undefined ? {} : { name: event.type }),
  };
  // A status of a later release is none that this one knows the end of.
  if (!instanceStatuses.includes(instance.status) || !isTerminal(instance)) return [entered];
  const { status, exitReason, completedAt = Number.NaN } = instance;
  const ended: Fact = {
    ...of,
    eventId: factId({ ...of, kind: 'ended' }),
    kind: 'ended',
    at: completedAt,
    status,
    ...(exitReason === undefined ? {} : { reason: exitReason }),
  };
  return [entered, ended];
}

function stepFacts(step: Step): readonly Fact[] {
  const { tenant, instance, node, version, status, startedAt, branch } = step;
  const of = { tenant, instance, node, version, status };
  if (!isSettled(step)) {
    const eventId = factId({ ...of, kind: 'step_started' });
    return [{ ...of, eventId, kind: 'step_started', at: startedAt }];
  }
  const at = step.endedAt ?? Number.NaN;
  const ended: Fact = {
    ...of,
    eventId: factId({ ...of, kind: 'step_ended' }),
    kind: 'step_ended',
    at,
    startedAt,
    ...(branch === undefined ? {} : { branch }),
  };
  return [ended, ...sendFacts(step, step.send, at), ...conversionFacts(step, at)];
}

/** A step ends with the settling of its message, never before it; a step that was called off may have begun none. */
function sendFacts(step: Step, send: Send | undefined, at: number): readonly Fact[] {
  if (send === undefined) return [];
  const { tenant, instance, node, version } = step;
  const of = { tenant, instance, node, version, kind: 'send_settled' } as const;
  const { channel, provider, status, attempt } = send;
  return [
    {
      ...of,
      eventId: factId(of),
      at,
      status,
      channel,
      attempts: attempt,
      ...(provider === undefined ? {} : { provider }),
    },
  ];
}

function conversionFacts(step: Step, at: number): readonly Fact[] {
  if (step.conversion === undefined) return [];
  const { tenant, instance, node, version } = step;
  const of = { tenant, instance, node, version, kind: 'converted' } as const;
  const { name, value } = step.conversion;
  return [{ ...of, eventId: factId(of), at, name, ...(value === undefined ? {} : { value }) }];
}

function reportFacts(item: Item): readonly Fact[] {
  const { tenant, instance, node, status, reportedAt } = reportOf(item);
  const of = { tenant, instance, node, kind: 'delivery_reported' } as const;
  return [{ ...of, eventId: factId({ ...of, which: status }), at: reportedAt, status }];
}

/**
 * Rows may have been written by any release, or by hand. One that lacks what it must have may not hold up the others behind it for
 * ever.
 */
export function readable(read: () => readonly Fact[]): readonly Fact[] {
  try {
    return read().filter(isReadable);
  } catch (error) {
    if (error instanceof TypeError) return [];
    throw error;
  }
}

/** True when every field is of the kind that it has to be. */
export function isReadable(fact: Fact): boolean {
  const isPlain = Object.entries(fact).every(([name, value]) =>
    numbers.has(name) ? Number.isFinite(value) : typeof value === 'string',
  );
  return isPlain && Number.isSafeInteger(fact.at) && fact.at >= 0 && fact.instance !== '';
}

/** Everything else is a text. */
const numbers: ReadonlySet<string> = new Set<keyof Fact>([
  ...(['version', 'epoch', 'at', 'startedAt', 'attempts', 'value'] as const),
]);
