/** Changes to the trees of the data file: what the commit log keeps, and what is moved into the file later. */
import type { ByteString } from '../byte-string.ts';

/**
 * The trees: the items in their chunks; the index; the log of expiring items; the shapes of items and the texts in them that are
 * known; and what the file knows about itself. Their places in this list are on users' disks.
 */
export const treeNames = ['items', 'index', 'expiry', 'shapes', 'texts', 'meta'] as const;
export type TreeName = (typeof treeNames)[number];

/** Per tree, what each key becomes; `undefined` removes it. */
export type Changes = Readonly<Record<TreeName, Map<ByteString, Buffer | undefined>>>;

export function createChanges(): Changes {
  return {
    items: new Map(),
    index: new Map(),
    expiry: new Map(),
    shapes: new Map(),
    texts: new Map(),
    meta: new Map(),
  };
}

/** Adds the later changes to the earlier ones. */
export function addChanges(earlier: Changes, later: Changes): void {
  for (const tree of treeNames) {
    for (const [key, value] of later[tree]) earlier[tree].set(key, value);
  }
}

export function hasChanges(changes: Changes): boolean {
  return treeNames.some((tree) => changes[tree].size > 0);
}
