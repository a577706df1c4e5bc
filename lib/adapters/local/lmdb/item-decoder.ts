/** Reads items as `item-encoder.ts` wrote them: the whole item, or one field without making the others. */
import type { Json } from '../../../json.ts';
import type { Item, Key } from '../../../ports/table.ts';
import { lengthSize, readLength } from './length-prefix.ts';
import type { Shapes } from './shapes.ts';
import { createTextReader, type TextReader } from './text-reader.ts';
import type { Texts } from './texts.ts';
import { firstKnownTextsCount, recentBytes, recentFrom, tags } from './value-tags.ts';

export interface ItemDecoder {
  /** The item whose value begins here. */
  decode(bytes: Buffer, start: number, key: Key): Item;
  /** Undefined when the item has no such field. */
  field(bytes: Buffer, start: number, name: string): Json | undefined;
}

/** Bytes being read, and how far. One source serves all reads: decoding is the hottest path of the table. */
interface Source {
  bytes: Buffer;
  at: number;
  readonly shapes: Shapes;
  readonly texts: Texts;
  readonly readText: TextReader;
}

export function createItemDecoder(shapes: Shapes, texts: Texts): ItemDecoder {
  const source: Source = {
    bytes: Buffer.alloc(0),
    at: 0,
    shapes,
    texts,
    readText: createTextReader(),
  };
  return {
    decode(bytes, start, { pk, sk }) {
      source.bytes = bytes;
      source.at = start;
      const item: Record<string, Json> = { pk, sk };
      readFields(source, readByte(source), item);
      return item as Item;
    },

    field(bytes, start, name) {
      source.bytes = bytes;
      source.at = start;
      return findField(source, name);
    },
  };
}

function findField(source: Source, wanted: string): Json | undefined {
  const shaped = readByte(source) === tags.shapedObject;
  const count = readCount(source);
  const names = shaped ? source.shapes.withId(count).names : undefined;
  if (names?.includes(wanted) === false) return undefined;
  for (let i = 0; i < (names?.length ?? count); i += 1) {
    const name = names === undefined ? readValue(source) : names[i];
    const value = readValue(source);
    if (name === wanted) return value;
  }
  return undefined;
}

function readValue(source: Source): Json {
  const tag = readByte(source);
  if (tag < tags.shortText) return tag - tags.smallNumber;
  if (tag < tags.shortList) return readText(source, tag - tags.shortText);
  if (tag < tags.null) return readList(source, tag - tags.shortList);
  if (tag >= tags.firstKnownTexts) return source.texts.withNumber(tag - tags.firstKnownTexts);
  if (tag === tags.knownText) {
    return source.texts.withNumber(readCount(source) + firstKnownTextsCount);
  }
  if (tag >= tags.negative) return -readInteger(source, tag - tags.negative + 1);
  if (tag >= tags.positive) return readInteger(source, tag - tags.positive + 1);
  switch (tag) {
    case tags.null:
      return null;
    case tags.false:
      return false;
    case tags.true:
      return true;
    case tags.text:
      return readText(source, readCount(source));
    case tags.list:
      return readList(source, readCount(source));
    case tags.float:
      return readFloat(source);
    case tags.recentInstant:
      return recentFrom + readInteger(source, recentBytes);
    default:
      return readFields(source, tag, {});
  }
}

function readFields(source: Source, tag: number, into: Record<string, Json>): Record<string, Json> {
  const count = readCount(source);
  if (tag === tags.shapedObject) {
    const { names } = source.shapes.withId(count);
    for (const name of names) setField(into, name, readValue(source));
  } else {
    for (let i = 0; i < count; i += 1) {
      const name = readValue(source) as string;
      setField(into, name, readValue(source));
    }
  }
  return into;
}

function readList(source: Source, length: number): Json[] {
  const elements: Json[] = [];
  for (let i = 0; i < length; i += 1) elements.push(readValue(source));
  return elements;
}

function readText(source: Source, length: number): string {
  const start = source.at;
  source.at += length;
  return source.readText(source.bytes, start, length);
}

function readFloat(source: Source): number {
  source.at += 8;
  return source.bytes.readDoubleLE(source.at - 8);
}

function readInteger(source: Source, size: number): number {
  let value = 0;
  for (let i = source.at + size - 1; i >= source.at; i -= 1) {
    value = value * 256 + (source.bytes[i] as number);
  }
  source.at += size;
  return value;
}

function readCount(source: Source): number {
  const count = readLength(source.bytes, source.at);
  source.at += lengthSize(source.bytes, source.at);
  return count;
}

function readByte(source: Source): number {
  const byte = source.bytes[source.at] as number;
  source.at += 1;
  return byte;
}

/** As JSON.parse does: a field named `__proto__` is a field like any other. */
function setField(object: Record<string, Json>, name: string, value: Json): void {
  if (name !== '__proto__') object[name] = value;
  else {
    const field = { value, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(object, name, field);
  }
}
