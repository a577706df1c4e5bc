/**
 * What is durable in the commit log and not in the data file yet. Readers look here first; from time to time all of it is moved
 * into the data file at once.
 */
import type { ByteString } from '../byte-string.ts';
import { addChanges, createChanges, hasChanges, type Changes, type TreeName } from './changes.ts';

export interface Unstored {
  /** A batch has become durable. Answers the number of the move that will take its changes. */
  add(changes: Changes): number;
  /** The last move that has succeeded. */
  lastMove(): number;
  /** What the key has become; `undefined` also when it was removed or never changed. */
  value(tree: TreeName, key: ByteString): Buffer | undefined;
  /** Changed keys in a stretch of the tree, `below` exclusive, in order. */
  keys(tree: TreeName, from: ByteString, below: ByteString): ByteString[];
  isEmpty(): boolean;
  /** All changes, to be moved. They stay visible here until `moved` or `notMoved`. */
  move(): Changes;
  moved(): void;
  notMoved(): void;
}

export function createUnstored(): Unstored {
  let waiting = createChanges();
  let moving = createChanges();
  let lastMove = 0;
  let nextMove = 1;
  return {
    add(changes) {
      addChanges(waiting, changes);
      return nextMove;
    },
    lastMove: () => lastMove,
    value: (tree, key) => (waiting[tree].has(key) ? waiting[tree].get(key) : moving[tree].get(key)),
    keys(tree, from, below) {
      const keys = new Set([...waiting[tree].keys(), ...moving[tree].keys()]);
      return [...keys].filter((key) => key >= from && key < below).sort();
    },
    isEmpty: () => !hasChanges(waiting) && !hasChanges(moving),
    move() {
      moving = waiting;
      waiting = createChanges();
      nextMove += 1;
      return moving;
    },
    moved() {
      moving = createChanges();
      lastMove = nextMove - 1;
    },
    notMoved() {
      addChanges(moving, waiting);
      waiting = moving;
      moving = createChanges();
    },
  };
}
