/**
 * What one opening of the data file consists of. All of it is thrown away together when a commit fails, and made anew from what is
 * really on disk.
 */
import type { Item, Key } from '../../../ports/table.ts';
import { createByteSink, type ByteSink } from './byte-sink.ts';
import { aboveAll, toByteString } from '../byte-string.ts';
import { createExpiryLog, type ExpiryLog } from './expiry-log.ts';
import { createItemDecoder, type ItemDecoder } from './item-decoder.ts';
import type { Batch } from './group-commit.ts';
import type { LmdbFile } from './lmdb-file.ts';
import { locateEntry, valueAt, type EntryLocation } from './partitions.ts';
import { createRecords, partitionKey, type Records } from './records.ts';
import { createShapes, type Shape, type Shapes } from './shapes.ts';

export interface TableContents {
  readonly file: LmdbFile;
  readonly records: Records;
  readonly shapes: Shapes;
  readonly decoder: ItemDecoder;
  readonly expiryLog: ExpiryLog;
  /** Where items are encoded on their way into their chunks. */
  readonly sink: ByteSink;
}

/** `collecting` answers the batch that takes what is written now. */
export function openContents(file: LmdbFile, collecting: () => Batch): TableContents {
  const shapes = createShapes([...savedShapes(file)], ({ id, names }) => {
    collecting().changes.shapes.set(String(id), Buffer.from(JSON.stringify(names)));
  });
  return {
    file,
    records: createRecords(file),
    shapes,
    decoder: createItemDecoder(shapes),
    expiryLog: createExpiryLog(file.transaction()),
    sink: createByteSink(),
  };
}

/** Where the item is as the last judged group left it. */
export function locateItem({ records }: TableContents, { pk, sk }: Key): EntryLocation {
  return locateEntry(records, partitionKey(toByteString(pk)), toByteString(sk));
}

/** The item as the last judged group left it. */
export function itemAt(
  { decoder }: TableContents,
  location: EntryLocation,
  key: Key,
): Item | undefined {
  const value = valueAt(location);
  return value === undefined ? undefined : decoder.decode(value, key);
}

function* savedShapes(file: LmdbFile): Iterable<Shape> {
  for (const { key, value } of file.records('shapes', { start: '0', end: aboveAll })) {
    yield { id: Number(key), names: JSON.parse(value.toString('utf8')) as string[] };
  }
}
