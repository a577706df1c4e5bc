/**
 * Finds what an event concerns at the moment it is received: the customer's open waits for its type, and the entries of active
 * journeys. There is no look-back: a wait that is registered later is not found (semantics 3.6).
 */
import { evaluateRule } from '../../journey/evaluate-rule.ts';
import type { ReceivedEvent } from '../../nodes/node-type.ts';
import type { Item } from '../../ports/table.ts';
import type { EngineContext } from '../engine-context.ts';
import { entryOf } from '../records/entry.ts';
import { customerPk, entriesOf, entriesPk, waitsOfType } from '../records/keys.ts';
import type { EventPlan } from '../records/received-event.ts';
import { waitRegistrationOf } from '../records/wait-registration.ts';

/** More waits of one customer for one type, or more entries for one type, are not looked at. */
const matchesMax = 1000;

export async function matchEvent(
  ctx: EngineContext,
  tenant: string,
  customer: string,
  event: ReceivedEvent,
): Promise<EventPlan> {
  const [waits, entries] = await Promise.all([
    items(ctx, customerPk(tenant, customer), waitsOfType(event.type)),
    items(ctx, entriesPk(tenant), entriesOf('event', event.type)),
  ]);
  return {
    waits: waits.map(waitRegistrationOf),
    entries: entries
      .map(entryOf)
      .filter(({ filter }) => filter === undefined || evaluateRule(filter, event.data))
      .map(({ journey, node }) => ({ journey, node })),
  };
}

async function items(ctx: EngineContext, pk: string, prefix: string): Promise<readonly Item[]> {
  const page = await ctx.table.query({ pk, prefix, limit: matchesMax });
  return page.items;
}
