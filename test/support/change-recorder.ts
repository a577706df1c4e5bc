/**
 * What a stream of the table would tell: every change of every row with what was there before, in the order in which the table took
 * it. Knows the rows as they are now, as the table behind the stream does.
 */
import type { RowChange } from '../../lib/engine/history/row-change.ts';
import type { Item, Key, Table, WriteGroup } from '../../lib/ports/table.ts';

export interface ChangeRecorder {
  readonly changes: readonly RowChange[];
  onWritten(group: WriteGroup): void;
  readonly table: Pick<Table, 'get'>;
}

export function changeRecorder(): ChangeRecorder {
  const rows = new Map<string, Item>();
  const changes: RowChange[] = [];
  const nameOf = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);
  return {
    changes,
    onWritten: ({ writes }) => {
      for (const write of writes) {
        if ('check' in write) continue;
        const name = nameOf('put' in write ? write.put : write.delete);
        const before = rows.get(name);
        if ('delete' in write) {
          rows.delete(name);
          if (before !== undefined) changes.push({ before });
          continue;
        }
        // As it would come back from a stream: plain JSON, without what is undefined.
        const after = JSON.parse(JSON.stringify(write.put)) as Item;
        rows.set(name, after);
        changes.push(before === undefined ? { after } : { before, after });
      }
    },
    table: { get: (key) => Promise.resolve(rows.get(nameOf(key))) },
  };
}
