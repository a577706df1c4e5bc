/**
 * Writes items the way the local table stores them: compact, because disk and memory per waiting instance are promises we publish.
 * The key is not repeated in the value.
 */
import type { Item } from '../../../ports/table.ts';
import { reserve, type ByteSink } from './byte-sink.ts';
import { notJson } from '../../table/check-table-call.ts';
import { depthMax } from '../../table/copy-item.ts';
import { writeLength } from './length-prefix.ts';
import { presentNames, type Shapes } from './shapes.ts';
import type { Texts } from './texts.ts';
import {
  firstKnownTextsCount,
  recentBelow,
  recentBytes,
  recentFrom,
  shortListMax,
  shortTextMax,
  smallNumberMax,
  tags,
} from './value-tags.ts';

const keyFields: ReadonlySet<string> = new Set(['pk', 'sk']);
const lengthBytesMax = 4;

/** Where encoded values go, and the names and texts that are known there. */
export interface EncodingTarget {
  readonly shapes: Shapes;
  readonly texts: Texts;
  readonly sink: ByteSink;
}

/** Where a value is, for what is said about it when it is refused. */
interface Place {
  readonly field: string;
  readonly depth: number;
}

/** Appends the item without its key to the sink. Throws `table.misuse` for what is not JSON. */
export function encodeItem(item: Item, target: EncodingTarget): void {
  const { shapes, sink } = target;
  const shape = shapes.of(item, keyFields);
  const names = shape?.names ?? presentNames(item, keyFields);
  writeTag(sink, shape === undefined ? tags.namedObject : tags.shapedObject);
  writeCount(sink, shape === undefined ? names.length : shape.id);
  for (const name of names) {
    if (shape === undefined) encodePlainText(name, sink);
    encodeValue(item[name], { field: name, depth: 2 }, target);
  }
}

function encodeValue(value: unknown, place: Place, target: EncodingTarget): void {
  const { sink } = target;
  if (typeof value === 'string') encodeText(value, target);
  else if (typeof value === 'number') encodeNumber(value, place, sink);
  else if (typeof value === 'boolean') writeTag(sink, value ? tags.true : tags.false);
  else if (value === null) writeTag(sink, tags.null);
  else if (typeof value !== 'object') {
    throw notJson(place.field, `must be JSON, not a ${typeof value}`);
  } else if (place.depth > depthMax) {
    throw notJson(place.field, `must not be nested more than ${depthMax} levels`);
  } else {
    const inside = { field: place.field, depth: place.depth + 1 };
    if (Array.isArray(value)) encodeList(value, inside, target);
    else encodeObject(value as Record<string, unknown>, inside, target);
  }
}

function encodeList(elements: readonly unknown[], inside: Place, target: EncodingTarget): void {
  const { sink } = target;
  if (elements.length <= shortListMax) writeTag(sink, tags.shortList + elements.length);
  else {
    writeTag(sink, tags.list);
    writeCount(sink, elements.length);
  }
  for (const element of elements) encodeValue(element, inside, target);
}

function encodeObject(
  object: Record<string, unknown>,
  inside: Place,
  target: EncodingTarget,
): void {
  const { shapes, sink } = target;
  const shape = shapes.of(object);
  const names = shape?.names ?? presentNames(object);
  writeTag(sink, shape === undefined ? tags.namedObject : tags.shapedObject);
  writeCount(sink, shape === undefined ? names.length : shape.id);
  for (const name of names) {
    if (shape === undefined) encodePlainText(name, sink);
    encodeValue(object[name], inside, target);
  }
}

function encodeText(text: string, { texts, sink }: EncodingTarget): void {
  const number = texts.numberOf(text);
  if (number === undefined) encodePlainText(text, sink);
  else if (number < firstKnownTextsCount) writeTag(sink, tags.firstKnownTexts + number);
  else {
    writeTag(sink, tags.knownText);
    writeCount(sink, number - firstKnownTextsCount);
  }
}

function encodePlainText(text: string, sink: ByteSink): void {
  if (text.length <= shortTextMax && encodeShortAscii(text, sink)) return;
  const length = Buffer.byteLength(text, 'utf8');
  if (length <= shortTextMax) writeTag(sink, tags.shortText + length);
  else {
    writeTag(sink, tags.text);
    writeCount(sink, length);
  }
  reserve(sink, length);
  sink.length += sink.bytes.write(text, sink.length, 'utf8');
}

/** Leaves the sink as it was and answers false for a text that is not plain ASCII. */
function encodeShortAscii(text: string, sink: ByteSink): boolean {
  reserve(sink, text.length + 1);
  const { bytes } = sink;
  const start = sink.length + 1;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return false;
    bytes[start + i] = code;
  }
  bytes[sink.length] = tags.shortText + text.length;
  sink.length = start + text.length;
  return true;
}

function encodeNumber(value: number, { field }: Place, sink: ByteSink): void {
  if (!Number.isFinite(value)) throw notJson(field, 'must be a finite number');
  if (!Number.isSafeInteger(value)) {
    writeTag(sink, tags.float);
    reserve(sink, 8);
    sink.length = sink.bytes.writeDoubleLE(value, sink.length);
  } else if (value >= 0 && value <= smallNumberMax) {
    writeTag(sink, tags.smallNumber + value);
  } else if (value >= recentFrom && value < recentBelow) {
    writeTag(sink, tags.recentInstant);
    writeInteger(value - recentFrom, recentBytes, sink);
  } else {
    const size = bytesOf(Math.abs(value));
    writeTag(sink, (value < 0 ? tags.negative : tags.positive) + size - 1);
    writeInteger(Math.abs(value), size, sink);
  }
}

function bytesOf(value: number): number {
  let size = 1;
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) size += 1;
  return size;
}

function writeInteger(value: number, size: number, sink: ByteSink): void {
  reserve(sink, size);
  let rest = value;
  for (let i = 0; i < size; i += 1) {
    sink.bytes[sink.length + i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  sink.length += size;
}

function writeTag(sink: ByteSink, tag: number): void {
  reserve(sink, 1);
  sink.bytes[sink.length] = tag;
  sink.length += 1;
}

function writeCount(sink: ByteSink, count: number): void {
  reserve(sink, lengthBytesMax);
  sink.length = writeLength(sink.bytes, sink.length, count);
}
