/** One failed condition, told with the stored item. */
import type { Refusal } from '../../../ports/table.ts';
import { fromStoredItem } from './stored-item.ts';
import type { Attributes } from './stored-value.ts';

export function refusal(at: number, stored: Readonly<Attributes> | undefined): Refusal {
  return stored === undefined ? { at } : { at, current: fromStoredItem(stored) };
}
