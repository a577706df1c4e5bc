/**
 * Takes an item apart as far as JSON goes, so that what is stored and what the caller holds never share anything. Texts become what
 * UTF-8 can say: DynamoDB takes nothing else, and half a character would be refused with all that stands beside it.
 */
import type { Json } from '../../json.ts';
import type { Item } from '../../ports/table.ts';
import { notJson } from './check-table-call.ts';

/** Levels of lists and objects inside an item; DynamoDB stores no more. */
export const depthMax = 32;

/** Fields that are `undefined` are gone from the copy. */
export function copyItem(item: Item): Item {
  return copyObject(item, '', 1) as Item;
}

function copyJson(value: unknown, field: string, depth: number): Json {
  if (typeof value === 'string') return value.toWellFormed();
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notJson(field, 'must be a finite number');
    return value === 0 ? 0 : value;
  }
  if (typeof value !== 'object') throw notJson(field, `must be JSON, not a ${typeof value}`);
  if (depth > depthMax) throw notJson(field, `must not be nested more than ${depthMax} levels`);
  if (!Array.isArray(value)) return copyObject(value, field, depth);
  return value.map((element) => copyJson(element, field, depth + 1));
}

function copyObject(value: object, path: string, depth: number): Record<string, Json> {
  const fields: [string, Json][] = [];
  for (const [name, field] of Object.entries(value)) {
    const place = path === '' ? name : `${path}.${name}`;
    if (field !== undefined) fields.push([name.toWellFormed(), copyJson(field, place, depth + 1)]);
  }
  return Object.fromEntries(fields);
}
