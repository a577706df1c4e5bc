/** What a table consists of between the calls and the disk, and how a batch that became durable, or did not, changes it. */
import { createByteSink, type ByteSink } from './byte-sink.ts';
import { aboveAll } from '../byte-string.ts';
import { createExpiryLog, type ExpiryLog } from './expiry-log.ts';
import { createItemDecoder, type ItemDecoder } from './item-decoder.ts';
import type { Batch } from './group-commit.ts';
import type { LmdbFile } from './lmdb-file.ts';
import { createRecords, type Records } from './records.ts';
import { createTexts, type KnownText, type Texts } from './texts.ts';
import { createUnstored, type Unstored } from './unstored.ts';
import { createShapes, type Shape, type Shapes } from './shapes.ts';

export interface TableContents {
  readonly file: LmdbFile;
  /** What is durable and not in the file. */
  readonly unstored: Unstored;
  readonly records: Records;
  readonly shapes: Shapes;
  readonly texts: Texts;
  readonly decoder: ItemDecoder;
  readonly expiryLog: ExpiryLog;
  /** Where items are encoded on their way into their chunks. */
  readonly sink: ByteSink;
}

/** `collecting` answers the batch that takes what is written now. */
export function createContents(file: LmdbFile, collecting: () => Batch): TableContents {
  const shapes = createShapes([...savedShapes(file)], ({ id, names }) => {
    collecting().changes.shapes.set(String(id), Buffer.from(JSON.stringify(names)));
  });
  const texts = createTexts([...savedTexts(file)], ({ number, text }) => {
    collecting().changes.texts.set(String(number), Buffer.from(JSON.stringify(text)));
  });
  const unstored = createUnstored();
  return {
    file,
    unstored,
    records: createRecords(file, unstored),
    shapes,
    texts,
    decoder: createItemDecoder(shapes, texts),
    expiryLog: createExpiryLog(file.transaction()),
    sink: createByteSink(),
  };
}

/** The batch is durable. */
export function keepChanges({ records, unstored }: TableContents, batch: Batch): void {
  records.committed(batch, unstored.add(batch.changes));
}

/** None of these batches happened. */
export function undoChanges(
  { expiryLog, records, shapes, texts }: TableContents,
  batches: readonly Batch[],
): void {
  records.undo(batches);
  expiryLog.discard();
  for (const { changes } of batches) {
    for (const id of changes.shapes.keys()) shapes.forget(Number(id));
    for (const number of changes.texts.keys()) texts.forget(Number(number));
  }
}

function* savedShapes(file: LmdbFile): Iterable<Shape> {
  for (const { key, value } of file.records('shapes', { start: '0', end: aboveAll })) {
    yield { id: Number(key), names: JSON.parse(value.toString('utf8')) as string[] };
  }
}

function* savedTexts(file: LmdbFile): Iterable<KnownText> {
  for (const { key, value } of file.records('texts', { start: '0', end: aboveAll })) {
    yield { number: Number(key), text: JSON.parse(value.toString('utf8')) as string };
  }
}
