/**
 * A hundred customers on their way through a journey, every change of the table told, and what their step records say: what the
 * scenario "ClickHouse away" begins with.
 */
import type { RowChange } from '../../lib/engine/history/row-change.ts';
import type { Table } from '../../lib/ports/table.ts';
import { createWatchedTestkit } from '../../lib/testkit/testkit.ts';
import { changeRecorder } from './change-recorder.ts';
import { simpleEmailJourney } from './graphs.ts';

export interface HistoryRun {
  readonly changes: readonly RowChange[];
  readonly table: Pick<Table, 'get'>;
  /** How many steps there are at each node. */
  readonly steps: Readonly<Record<string, number>>;
}

const tenant = 'T1';
const journey = 'J';

/** Every third opens the mail and reaches the goal; the others get the reminder. */
export async function runJourneys(customers = 100): Promise<HistoryRun> {
  const recorder = changeRecorder();
  const kit = await createWatchedTestkit({}, recorder);
  try {
    await kit.publish({ tenant, journey, graph: simpleEmailJourney() });
    for (let number = 0; number < customers; number += 1) {
      const customer = `c${number}`;
      await kit.customer({ tenant, id: customer, email: `${customer}@example.com` });
      await kit.event({ tenant, customer, type: 'signed_up' });
    }
    await kit.settle();
    for (let number = 0; number < customers; number += 3) {
      await kit.event({ tenant, customer: `c${number}`, type: 'email_opened' });
    }
    await kit.advance('4d');
    const steps: Record<string, number> = {};
    for (const instance of await kit.instances({ tenant, journey })) {
      for (const { node } of await kit.steps(instance)) steps[node] = (steps[node] ?? 0) + 1;
    }
    return { changes: recorder.changes, table: recorder.table, steps };
  } finally {
    await kit.close();
  }
}
