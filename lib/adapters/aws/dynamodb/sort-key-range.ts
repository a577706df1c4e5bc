/**
 * What a query asks for, as one range of sort keys. DynamoDB takes one condition on the sort key, so prefix, `after` and `below` are
 * brought together here; texts are compared as DynamoDB compares them, by the bytes of UTF-8.
 */
import type { PartitionQuery } from '../../../ports/table.ts';

export interface SortKeyRange {
  /** The first sort key that may be asked for; absent: from the beginning. */
  readonly from?: string;
  /** The first sort key that is too far; absent: to the end. */
  readonly to?: string;
}

/** Undefined when no sort key can be in it. */
export function sortKeyRange(query: PartitionQuery): SortKeyRange | undefined {
  const { prefix = '', after, below, backward = false } = query;
  const from = [prefix];
  const to = [endOfPrefix(prefix), below];
  // Nothing stands between a text and the same text with a zero at its end.
  if (after !== undefined && !backward) from.push(`${after}\0`);
  if (after !== undefined && backward) to.push(after);
  const first = from.reduce((a, b) => (compareBytes(a, b) < 0 ? b : a));
  const end = to
    .filter((text) => text !== undefined)
    .reduce<string | undefined>(
      (a, b) => (a !== undefined && compareBytes(a, b) < 0 ? a : b),
      undefined,
    );
  if (end !== undefined && compareBytes(first, end) >= 0) return undefined;
  return {
    ...(first === '' ? {} : { from: first }),
    ...(end === undefined ? {} : { to: end }),
  };
}

/** The smallest text that is above every text with this prefix; undefined when there is none. */
function endOfPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix, (letter) => letter.codePointAt(0) ?? 0);
  while (points.at(-1) === highestPoint) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  // Surrogates are no letters of their own: nothing in UTF-8 stands for them.
  const next = last + 1 === firstSurrogate ? afterSurrogates : last + 1;
  return String.fromCodePoint(...points, next);
}

const highestPoint = 0x10ffff;
const firstSurrogate = 0xd800;
const afterSurrogates = 0xe000;

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
