/**
 * Which node leads to which, for a whole graph at once: what forks and joins are judged by (semantics 2.3 T5, 2.4). One bit for
 * each pair of nodes, so that asking costs nothing.
 */
import { topologicalOrder } from './worst-path.ts';

export interface Reach {
  /** Each node after all that lead to it. */
  readonly order: readonly string[];
  /** True when a path leads from one node to the other, and for a node and itself. */
  readonly reaches: (from: string, to: string) => boolean;
  /** Nodes that paths lead to from exactly one of these nodes, and from several of them; each list in topological order. */
  readonly meet: (starts: readonly string[]) => Meeting;
}

interface Meeting {
  readonly once: readonly string[];
  readonly several: readonly string[];
}

const bitsPerWord = 32;

/** Undefined when nodes lead back to themselves. */
export function reachOf(
  nodes: Iterable<string>,
  successors: ReadonlyMap<string, readonly string[]>,
): Reach | undefined {
  const order = topologicalOrder(nodes, successors);
  if (order === undefined) return undefined;
  const places = new Map(order.map((node, place) => [node, place]));
  const words = Math.ceil(order.length / bitsPerWord);
  const rows: Uint32Array[] = order.map(() => new Uint32Array(words));
  const rowOf = (node: string): Uint32Array =>
    rows[places.get(node) ?? -1] ?? new Uint32Array(words);
  for (const [back, node] of order.toReversed().entries()) {
    const row = rowOf(node);
    setBit(row, order.length - 1 - back);
    for (const next of successors.get(node) ?? []) addBits(row, rowOf(next));
  }
  return {
    order,
    reaches: (from, to) => hasBit(rowOf(from), places.get(to) ?? -1),
    meet: (starts) => {
      const seen = new Uint32Array(words);
      const again = new Uint32Array(words);
      for (const start of starts) {
        const row = rowOf(start);
        for (let word = 0; word < words; word++) {
          again[word] = (again[word] ?? 0) | ((seen[word] ?? 0) & (row[word] ?? 0));
          seen[word] = (seen[word] ?? 0) | (row[word] ?? 0);
        }
      }
      return {
        once: order.filter((_, place) => hasBit(seen, place) && !hasBit(again, place)),
        several: order.filter((_, place) => hasBit(again, place)),
      };
    },
  };
}

function setBit(row: Uint32Array, place: number): void {
  const word = Math.floor(place / bitsPerWord);
  row[word] = (row[word] ?? 0) | (1 << (place % bitsPerWord));
}

function hasBit(row: Uint32Array, place: number): boolean {
  if (place < 0) return false;
  return ((row[Math.floor(place / bitsPerWord)] ?? 0) & (1 << (place % bitsPerWord))) !== 0;
}

function addBits(row: Uint32Array, other: Uint32Array): void {
  for (const [word, bits] of other.entries()) row[word] = (row[word] ?? 0) | bits;
}
