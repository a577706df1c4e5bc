/** Decides whether a group happens: every condition against the latest stored items, before any write of the group. */
import type { Condition, Item, Refusal } from '../../../ports/table.ts';
import { holds } from '../../table/condition.ts';
import { fieldAt, itemAt, locate, type PreparedWrite } from './prepared-write.ts';
import type { TableContents } from './table-contents.ts';

export interface Judgement {
  /** Empty when the group may happen. */
  readonly refused: readonly Refusal[];
  /** Number of the youngest batch that the judgement rests on: it must be durable before anybody is told. 0: it all is. */
  readonly restsOn: number;
}

export function judgeGroup(contents: TableContents, writes: readonly PreparedWrite[]): Judgement {
  const refused: Refusal[] = [];
  let restsOn = 0;
  for (let at = 0; at < writes.length; at += 1) {
    const prepared = writes[at] as PreparedWrite;
    const condition = prepared.write.if;
    if (condition === undefined) continue;
    const location = locate(contents, prepared);
    restsOn = Math.max(restsOn, location.record.batch);
    if (conditionHolds(contents, condition, prepared)) continue;
    const current = itemAt(contents, location, prepared.key);
    refused.push(current === undefined ? { at } : { at, current });
  }
  return { refused, restsOn };
}

function conditionHolds(
  contents: TableContents,
  condition: Condition,
  prepared: PreparedWrite,
): boolean {
  const location = locate(contents, prepared);
  if (!location.place.found) return holds(condition, undefined);
  const { key } = prepared;
  return holds(condition, (field) =>
    field === 'pk' || field === 'sk' ? (key as Item)[field] : fieldAt(contents, location, field),
  );
}
