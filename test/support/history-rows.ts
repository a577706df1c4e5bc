/** Rows of history for tests, complete and ordinary; say only what matters. Each call gives another fact. */
import { factId } from '../../lib/engine/history/fact.ts';
import type { HistoryRow } from '../../lib/ports/history-sink.ts';

let made = 0;

/** A step that is done. */
export function aHistoryRow(overrides: Partial<HistoryRow> = {}): HistoryRow {
  made += 1;
  const of = {
    kind: 'step_ended',
    tenant: 'test_tenant',
    instance: `i${made}`,
    node: 'email_1',
    ...overrides,
  } as const;
  return {
    eventId: factId({ ...of, which: made }),
    journey: 'welcome',
    version: 1,
    customer: `customer_${made}`,
    at: Date.parse('2026-01-01T00:00:00Z'),
    status: 'completed',
    ...of,
  };
}
