/**
 * Shapes: the lists of field names that items and the objects inside them have in common. An object of a known shape is stored as
 * the shape's number and its values; the names are stored once. Names that come from users hardly ever repeat in the same
 * combination, so a combination becomes a shape only after it has been seen a few times.
 */
export interface Shape {
  readonly id: number;
  readonly names: readonly string[];
}

export interface Shapes {
  /** The shape of the object's fields, leaving out those that are `undefined` or in `except`; undefined when it has none. */
  of(object: object, except?: ReadonlySet<string>): Shape | undefined;
  /** Throws when no such shape was ever saved: the stored data is damaged. */
  withId(id: number): Shape;
  /** The shape could not be saved: it is as if it had never been. */
  forget(id: number): void;
}

interface Branch {
  shape: Shape | undefined;
  seen: number;
  readonly next: Map<string, Branch>;
  /** The name and branch followed last: objects of one kind come one after the other. */
  lastName: string;
  lastBranch: Branch | undefined;
}

/** How often a combination of names is seen before it becomes a shape. */
const sightingsMin = 8;
/** Numbers below 16,384 take at most two bytes; far fewer are ever needed. */
const shapesMax = 4_000;
/** Bounds the memory for combinations that never become a shape. */
const branchesMax = 20_000;
const namesMax = 64;

/**
 * `known` are the shapes saved so far, in any order. `save` must store a new shape no later than the first object that uses it.
 */
export function createShapes(known: readonly Shape[], save: (shape: Shape) => void): Shapes {
  const byId = new Map(known.map((shape) => [shape.id, shape]));
  const root = createBranch();
  let branches = 0;
  let nextId = Math.max(-1, ...byId.keys()) + 1;
  for (const shape of known) branchOf(shape).shape = shape;

  function branchOf(shape: Shape): Branch {
    let branch = root;
    for (const name of shape.names) branch = follow(branch, name) ?? createBranch();
    return branch;
  }

  function follow(branch: Branch, name: string): Branch | undefined {
    if (branch.lastName === name) return branch.lastBranch;
    let following = branch.next.get(name);
    if (following === undefined && branches < branchesMax) {
      following = createBranch();
      branch.next.set(name, following);
      branches += 1;
    }
    if (following === undefined) return undefined;
    branch.lastName = name;
    branch.lastBranch = following;
    return following;
  }

  function promote(branch: Branch, names: readonly string[]): Shape | undefined {
    branch.seen += 1;
    if (branch.seen < sightingsMin || byId.size >= shapesMax) return undefined;
    branch.shape = { id: nextId, names };
    nextId += 1;
    byId.set(branch.shape.id, branch.shape);
    save(branch.shape);
    return branch.shape;
  }

  return {
    of(object, except) {
      const names = Object.keys(object);
      if (names.length > namesMax) return undefined;
      let branch: Branch | undefined = root;
      for (const name of names) {
        if ((object as Record<string, unknown>)[name] === undefined || except?.has(name)) continue;
        branch = follow(branch, name);
        if (branch === undefined) return undefined;
      }
      return branch.shape ?? promote(branch, presentNames(object, except));
    },

    withId(id) {
      const shape = byId.get(id);
      if (shape === undefined) throw new Error(`the stored item has an unknown shape (${id})`);
      return shape;
    },

    forget(id) {
      const shape = byId.get(id);
      if (shape === undefined) return;
      branchOf(shape).shape = undefined;
      byId.delete(id);
    },
  };
}

export function presentNames(object: object, except?: ReadonlySet<string>): string[] {
  return Object.keys(object).filter(
    (name) => (object as Record<string, unknown>)[name] !== undefined && !except?.has(name),
  );
}

function createBranch(): Branch {
  return { shape: undefined, seen: 0, next: new Map(), lastName: '', lastBranch: undefined };
}
