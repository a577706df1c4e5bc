/** Tells the engine what a node is about to read, so that it loads nothing else. */
import type { Need } from './node-type.ts';

/** What must be loaded so that paths with these beginnings can be read; the rest is part of the instance. */
export function needsOf(roots: ReadonlySet<string>): readonly Need[] {
  return (['customer', 'accumulated'] as const).filter((need) => roots.has(need));
}
