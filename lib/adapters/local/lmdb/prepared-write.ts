/** A write of a group, with its key as the trees need it and the place of its item, found once. */
import type { Json } from '../../../json.ts';
import type { Item, Key, Write, WriteGroup } from '../../../ports/table.ts';
import { toByteString, type ByteString } from '../byte-string.ts';
import { checkGroup, isPlainKey, keyOf } from '../../table/check-table-call.ts';
import { isStillThere, locateEntry, type EntryLocation } from './partitions.ts';
import { partitionKey } from './records.ts';
import type { TableContents } from './table-contents.ts';

export interface PreparedWrite {
  readonly write: Write;
  readonly key: Key;
  readonly partition: ByteString;
  readonly sort: ByteString;
  /** Where the item was found last; see `locate`. */
  location: EntryLocation | undefined;
}

/** Throws `table.misuse` for a group that no table takes. */
export function prepareGroup(group: WriteGroup): PreparedWrite[] {
  const keys = group.writes.map(keyOf);
  const arePlain = keys.every(({ pk, sk }) => isPlainKey(pk) && isPlainKey(sk));
  checkGroup(group, arePlain);
  return group.writes.map((write, at) => prepare(write, keys[at] as Key, arePlain));
}

function prepare(write: Write, key: Key, isPlain: boolean): PreparedWrite {
  const partition = isPlain ? key.pk : partitionKey(toByteString(key.pk));
  const sort = isPlain ? key.sk : toByteString(key.sk);
  return { write, key, partition, sort, location: undefined };
}

/** For a write that the table makes itself. */
export function prepareDelete(key: Key): PreparedWrite {
  return prepare({ delete: key }, key, false);
}

/** Where the item is, or would be, as the last judged write left it. */
export function locate({ records }: TableContents, prepared: PreparedWrite): EntryLocation {
  const known = prepared.location;
  if (known !== undefined && isStillThere(known)) return known;
  prepared.location = locateEntry(records, prepared.partition, prepared.sort);
  return prepared.location;
}

/** The stored item there; undefined when there is none. */
export function itemAt(
  { decoder }: TableContents,
  { chunk, place }: EntryLocation,
  key: Key,
): Item | undefined {
  return place.found ? decoder.decode(chunk, place.valueStart, key) : undefined;
}

/** One field of the stored item there; undefined also when there is no item. */
export function fieldAt(
  { decoder }: TableContents,
  { chunk, place }: EntryLocation,
  field: string,
): Json | undefined {
  return place.found ? decoder.field(chunk, place.valueStart, field) : undefined;
}
