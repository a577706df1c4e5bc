/** `event_entry`: whom an event lets in. */
import { describe, expect, test } from 'vitest';
import { eventEntry } from '../../lib/nodes/event-entry.ts';
import type { EntryTrigger } from '../../lib/nodes/node-type.ts';
import { runNode } from '../support/node-runs.ts';

const triggerOf = (config: object): EntryTrigger | undefined =>
  eventEntry.entry?.(eventEntry.config.parse(config));

describe('event_entry', () => {
  test('lets in customers by an event type', () => {
    expect(triggerOf({ event_type: 'signed_up' })).toEqual({
      kind: 'event',
      eventType: 'signed_up',
    });
  });

  test('lets in only customers whose event passes the filter', () => {
    expect(
      triggerOf({ event_type: 'bought', filter: { total: { op: 'gte', value: 10 } } }),
    ).toEqual({
      kind: 'event',
      eventType: 'bought',
      filter: { all: [{ field: 'total', op: 'gte', value: 10 }] },
    });
  });

  test('completes at once', () => {
    expect(runNode(eventEntry, { event_type: 'signed_up' })).toEqual({ kind: 'completed' });
  });
});
