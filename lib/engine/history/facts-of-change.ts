/**
 * The facts that one change of one row makes true. Each fact is told by the change after which the row states it for the first
 * time; a later write of the same row does not tell it again, and the same change tells the same facts however often it is heard.
 */
import type { Item } from '../../ports/table.ts';
import { instanceOf } from '../records/instance.ts';
import { factId, type Fact } from './fact.ts';
import { factsOfRow, readable } from './facts-of-row.ts';
import type { RowChange } from './row-change.ts';

export function factsOfChange({ before, after }: RowChange): readonly Fact[] {
  const stated = new Set(factsOfRow(before).map(({ eventId }) => eventId));
  const facts = factsOfRow(after);
  const [first] = facts;
  const news = facts.filter(({ eventId }) => !stated.has(eventId));
  return first?.kind === 'entered' ? [...news, ...readable(() => pauseFacts(before, after))] : news;
}

/** An instance may be paused and resumed many times; the number of the write tells one time from another. */
function pauseFacts(before: Item | undefined, after: Item | undefined): readonly Fact[] {
  if (before === undefined || after === undefined) return [];
  const kind = pauseKind(before.status, after.status);
  if (kind === undefined) return [];
  const { tenant, id, journey, version, customer, epoch, revision, interventions } =
    instanceOf(after);
  const done = interventions?.findLast((intervention) => intervention.kind === kind);
  if (done === undefined) return [];
  const of = { tenant, instance: id, kind } as const;
  const eventId = factId({ ...of, which: revision });
  return [{ ...of, eventId, journey, version, customer, epoch, at: done.at }];
}

/** Whoever is taken out of a journey during a pause is not resumed. */
function pauseKind(before: unknown, after: unknown): 'paused' | 'resumed' | undefined {
  if (before !== 'paused' && after === 'paused') return 'paused';
  return before === 'paused' && after !== 'paused' && after !== 'exited' ? 'resumed' : undefined;
}
