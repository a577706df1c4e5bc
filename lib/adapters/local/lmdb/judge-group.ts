/** Decides whether a group happens: every condition against the latest stored items, before any write of the group. */
import type { Condition, Item, Key, Refusal, Write } from '../../../ports/table.ts';
import { keyOf } from '../check-table-call.ts';
import { holds, type StoredField } from '../condition.ts';
import { valueAt, type EntryLocation } from './partitions.ts';
import { itemAt, locateItem, type TableContents } from './table-contents.ts';

export interface Judgement {
  /** Empty when the group may happen. */
  readonly refused: readonly Refusal[];
  /** Number of the youngest batch that the judgement rests on: it must be on disk before anybody is told. 0: it all is. */
  readonly restsOn: number;
}

export function judgeGroup(contents: TableContents, writes: readonly Write[]): Judgement {
  const refused: Refusal[] = [];
  let restsOn = 0;
  for (let at = 0; at < writes.length; at += 1) {
    const write = writes[at] as Write;
    if (write.if === undefined) continue;
    const key = keyOf(write);
    const location = locateItem(contents, key);
    restsOn = Math.max(restsOn, contents.records.batchOf(location.key));
    if (conditionHolds(contents, write.if, key, location)) continue;
    const current = itemAt(contents, location, key);
    refused.push(current === undefined ? { at } : { at, current });
  }
  return { refused, restsOn };
}

function conditionHolds(
  { decoder }: TableContents,
  condition: Condition,
  key: Key,
  location: EntryLocation,
): boolean {
  const value = valueAt(location);
  if (value === undefined) return holds(condition, undefined);
  const stored: StoredField = (field) =>
    field === 'pk' || field === 'sk' ? (key as Item)[field] : decoder.field(value, field);
  return holds(condition, stored);
}
