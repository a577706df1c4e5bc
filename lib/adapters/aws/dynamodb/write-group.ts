/** Writes a group in the cheapest way that keeps what the port promises. */
import type { Write, WriteAnswer, WriteGroup } from '../../../ports/table.ts';
import { holds } from '../../table/condition.ts';
import { getItem } from './get-item.ts';
import type { OpenTable } from './open-table.ts';
import { writeOne } from './write-one.ts';
import { writeRequest } from './write-request.ts';
import { writeTogether } from './write-together.ts';

/** Everything is taken from the group before this returns: the caller may change it afterwards. */
export function writeGroup(open: OpenTable, { writes }: WriteGroup): Promise<WriteAnswer> {
  const [first] = writes;
  if (writes.length === 1 && first !== undefined && 'check' in first) {
    const { pk, sk } = first.check;
    return checkOne(open, { check: { pk, sk }, if: structuredClone(first.if) });
  }
  const requests = writes.map((write) => writeRequest(open.tableName, write));
  const [only] = requests;
  return requests.length === 1 && only !== undefined
    ? writeOne(open, only)
    : writeTogether(open, requests);
}

/** Nothing is written, so nothing has to happen together: a consistent read tells as much, for a fraction of the price. */
async function checkOne(
  open: OpenTable,
  { check, if: condition }: Extract<Write, { readonly check: unknown }>,
): Promise<WriteAnswer> {
  const current = await getItem(open, check);
  const stored = current === undefined ? undefined : (field: string) => current[field];
  if (holds(condition, stored)) return { done: true };
  return { done: false, refused: [current === undefined ? { at: 0 } : { at: 0, current }] };
}
