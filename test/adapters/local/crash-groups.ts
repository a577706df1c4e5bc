/**
 * What the writer of the crash test writes, known to the writer and to the test alike. Group n of a lane moves the lane's counter
 * from n - 1 to n, puts three items that say n, and deletes those of the group that is `keptGroups` older.
 */
import type { Item, Key, Write } from '../../../lib/ports/table.ts';

export const lanes = 8;
const keptGroups = 20;

export function groupOf(lane: number, n: number): Write[] {
  const counter: Write = {
    put: counterOf(lane, n),
    if: n === 1 ? 'absent' : { revision: n - 1 },
  };
  const puts = itemsOf(lane, n).map((item): Write => ({ put: item, if: 'absent' }));
  const old = n > keptGroups ? itemsOf(lane, n - keptGroups) : [];
  const deletes = old.map(({ pk, sk }): Write => ({ delete: { pk, sk }, if: 'present' }));
  return [counter, ...puts, ...deletes];
}

export function counterKey(lane: number): Key {
  return { pk: `lane#${lane}`, sk: 'counter' };
}

/** All items of a lane when group n was the last that happened. */
export function itemsAfter(lane: number, n: number): Item[] {
  if (n === 0) return [];
  const first = Math.max(1, n - keptGroups + 1);
  const groups = Array.from({ length: n - first + 1 }, (_, at) => first + at);
  return [counterOf(lane, n), ...groups.flatMap((group) => itemsOf(lane, group))];
}

function counterOf(lane: number, n: number): Item {
  return { ...counterKey(lane), revision: n, index: `lane#${lane % 2}` };
}

/** One in a partition of its own, one in a partition that all lanes share, and one that expires. */
function itemsOf(lane: number, n: number): Item[] {
  const name = `${lane}#${String(n).padStart(7, '0')}`;
  return [
    { pk: `own#${name}`, sk: 'i', n, index: 'own', text: 'x'.repeat(n % 300) },
    { pk: 'shared', sk: name, n, status: 'waiting' },
    { pk: `event#${name}`, sk: 'e', n, expiresAt: 4_000_000_000 },
  ];
}
