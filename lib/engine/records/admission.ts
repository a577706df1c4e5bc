/**
 * The admission: a customer has come into a segment and still has to be let into journeys. It is written in the group that sees
 * the customer come in and deleted when everybody has been asked, so a crash in between loses nobody.
 */
import { derivedId } from '../derived-id.ts';
import type { Item } from '../../ports/table.ts';
import { keys } from './keys.ts';
import type { EntryPlace, Presence } from './presence.ts';

export interface Admission {
  readonly tenant: string;
  readonly id: string;
  readonly customer: string;
  /** Numbers the arrivals of the customer, with gaps: each can enrol the customer in a journey only once, for ever. */
  readonly arrival: number;
  readonly entries: readonly EntryPlace[];
  /** Epoch milliseconds. */
  readonly at: number;
}

/** @param presence as it was read: the change that sees the customer come in makes the next one of it */
export function admissionFor(
  of: { readonly tenant: string; readonly customer: string },
  presence: Presence,
  entries: readonly EntryPlace[],
  at: number,
): Admission {
  const { tenant, customer } = of;
  const arrival = presence.revision + 1;
  const id = derivedId(['admission', tenant, customer, arrival], at);
  return { tenant, id, customer, arrival, entries, at };
}

export function admissionItem(admission: Admission): Item {
  const { tenant, id, entries, ...rest } = admission;
  return {
    ...keys.admission(tenant, id),
    ...rest,
    entries: entries.map((entry) => ({ ...entry })),
  };
}

export function admissionOf(tenant: string, item: Item): Admission {
  const { pk: _pk, sk: id, ...rest } = item;
  return { ...rest, tenant, id } as unknown as Admission;
}
