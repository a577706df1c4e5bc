/** Makes a judged group part of a batch: items, index and expiry log change together. */
import type { Item, Key } from '../../../ports/table.ts';
import { joinParts, toByteString, type ByteString } from '../byte-string.ts';
import type { Span } from './chunk.ts';
import type { Batch } from './group-commit.ts';
import { encodeItem } from './item-encoder.ts';
import { putAt, removeAt } from './partitions.ts';
import { fieldAt, locate, type PreparedWrite } from './prepared-write.ts';
import type { TableContents } from './table-contents.ts';

/** Throws `table.misuse`, and then nothing of the group is applied, for a value that is not JSON. */
export function applyGroup(
  contents: TableContents,
  writes: readonly PreparedWrite[],
  batch: Batch,
): void {
  const ends = encodeItems(contents, writes);
  for (let at = 0; at < writes.length; at += 1) {
    const prepared = writes[at] as PreparedWrite;
    const { write } = prepared;
    if ('put' in write) {
      const start = ends[at - 1] ?? 0;
      const value = { bytes: contents.sink.bytes, start, end: ends[at] ?? start };
      putItem(contents, prepared, write.put, value, batch);
    } else if ('delete' in write) removeItem(contents, prepared, batch);
  }
}

export function removeItem(contents: TableContents, prepared: PreparedWrite, batch: Batch): void {
  const location = locate(contents, prepared);
  if (!location.place.found) return;
  changeIndex(prepared.key, fieldAt(contents, location, 'index'), undefined, batch);
  removeAt(contents.records, location, batch);
}

/** All items of the group in stored form, one after the other; answers where each one ends. */
function encodeItems(contents: TableContents, writes: readonly PreparedWrite[]): number[] {
  const { sink } = contents;
  sink.length = 0;
  return writes.map(({ write }) => {
    if ('put' in write) encodeItem(write.put, contents);
    return sink.length;
  });
}

function putItem(
  contents: TableContents,
  prepared: PreparedWrite,
  item: Item,
  value: Span,
  batch: Batch,
): void {
  const location = locate(contents, prepared);
  changeIndex(item, fieldAt(contents, location, 'index'), item.index, batch);
  if (item.expiresAt !== undefined) {
    const replaced = fieldAt(contents, location, 'expiresAt');
    contents.expiryLog.note(
      item,
      item.expiresAt,
      typeof replaced === 'number' ? replaced : undefined,
    );
  }
  putAt(contents.records, location, prepared.sort, value, batch);
}

const noValue = Buffer.alloc(0);

/** An index entry is its key: the index value and the item's key. */
function changeIndex(key: Key, from: unknown, to: unknown, batch: Batch): void {
  if (from === to) return;
  const { index } = batch.changes;
  if (typeof from === 'string') index.set(indexKey(from, key), undefined);
  if (typeof to === 'string') index.set(indexKey(to, key), noValue);
}

export function indexKey(index: string, { pk, sk }: Key): ByteString {
  return joinParts(toByteString(index), toByteString(pk), toByteString(sk));
}
