/**
 * What DynamoDB counts a call as, in its own units: a write unit is a KB written, a read unit 4 KB read consistently. Items are
 * measured as they are stored there, packed and with their place in the index.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { toStoredItem } from '../lib/adapters/aws/dynamodb/stored-item.ts';
import type { Item } from '../lib/ports/table.ts';

/** One item as it was and as it will be; neither when there is none, both the same when it is only checked. */
export interface Written {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** @param inTransaction DynamoDB prepares and commits, and counts both */
export function writeUnits({ before, after }: Written, inTransaction: boolean): number {
  const larger = Math.max(itemBytes(before), itemBytes(after));
  return atLeastOne(larger / 1_024) * (inTransaction ? 2 : 1) + indexUnits({ before, after });
}

export function readUnits(items: readonly Item[]): number {
  return atLeastOne(sum(items.map(itemBytes)) / 4_096);
}

export function indexReadUnits(items: readonly Item[]): number {
  return readUnits(items) / 2;
}

/** The index keeps a copy of the item: it is written when the copy changes, and twice when it moves. */
function indexUnits({ before, after }: Written): number {
  const [was, is] = [before, after].map((item) => (item?.index === undefined ? undefined : item));
  if (was?.index !== is?.index) return copyUnits(was) + copyUnits(is);
  if (JSON.stringify(was) === JSON.stringify(is)) return 0;
  return Math.max(copyUnits(was), copyUnits(is));
}

function copyUnits(item: Item | undefined): number {
  return item === undefined ? 0 : atLeastOne(itemBytes(item) / 1_024);
}

function atLeastOne(units: number): number {
  return Math.max(1, Math.ceil(units));
}

/** Names and values, as DynamoDB's guide to item sizes has it. */
export function itemBytes(item: Item | undefined): number {
  return item === undefined ? 0 : fieldBytes(toStoredItem(item), 0);
}

function fieldBytes(fields: Readonly<Record<string, AttributeValue>>, each: number): number {
  return sum(
    Object.entries(fields).map(
      ([name, value]) => Buffer.byteLength(name) + valueBytes(value) + each,
    ),
  );
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberBytes(value.N);
  if (value.B !== undefined) return value.B.length;
  if (value.L !== undefined) return 3 + sum(value.L.map((element) => 1 + valueBytes(element)));
  if (value.M !== undefined) return 3 + fieldBytes(value.M, 1);
  return 1;
}

/** One byte for each two digits, counted from the decimal point, without the zeros at the ends; one more, and one for a minus. */
function numberBytes(text: string): number {
  const [mantissa = '', exponent = '0'] = text.replace('-', '').toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return 1;
  const lowest = Number(exponent) - fraction.length + digits.length - kept.length;
  const pairs = (kept.length + (lowest % 2 === 0 ? 0 : 1) + 1) >> 1;
  return 1 + pairs + (text.startsWith('-') ? 1 : 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
