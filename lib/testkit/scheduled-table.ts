/** The table as a dying, crowded process sees it: every call takes its turn, and every group of writes is a point to die at. */
import type { Table, WriteGroup } from '../ports/table.ts';
import { never, type Crash } from './crash.ts';
import type { Turns } from './turns.ts';

export function scheduledTable(
  table: Table,
  {
    turns,
    crash,
    onWritten,
  }: { turns: Turns; crash: Crash; onWritten: (group: WriteGroup) => void },
): Table {
  const inTurn = <Answer>(work: () => Promise<Answer>): Promise<Answer> =>
    turns.take(async () => {
      if (crash.happened()) return never<Answer>();
      const answer = await work();
      return crash.happened() ? never<Answer>() : answer;
    });
  return {
    get: (key) => inTurn(() => table.get(key)),
    query: (query) => inTurn(() => table.query(query)),
    queryIndex: (query) => inTurn(() => table.queryIndex(query)),
    write: (group) =>
      inTurn(async () => {
        crash.reach(`${group.name}:before`);
        if (crash.happened()) return never();
        const answer = await table.write(group);
        if (!answer.done) return answer;
        onWritten(group);
        crash.reach(`${group.name}:after`);
        return answer;
      }),
  };
}
