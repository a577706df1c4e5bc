/**
 * Judges one condition of a write against the stored item. Where a table judges by itself, this function alone decides.
 */
import type { Json } from '../../json.ts';
import type { Condition } from '../../ports/table.ts';

/** Reads one field of a stored item; `undefined` when it has no such field. */
export type StoredField = (field: string) => Json | undefined;

/** `stored` is undefined when there is no such item. */
export function holds(condition: Condition, stored: StoredField | undefined): boolean {
  if (condition === 'absent') return stored === undefined;
  if (stored === undefined) return false;
  if (condition === 'present') return true;
  if ('revision' in condition) return (stored('revision') ?? 0) === condition.revision;
  return Object.entries(condition.equals).every(([field, value]) => stored(field) === value);
}
