/** `webhook_entry`: whom a call lets in. */
import { describe, expect, test } from 'vitest';
import type { EntryTrigger } from '../../lib/nodes/node-type.ts';
import { webhookEntry } from '../../lib/nodes/webhook-entry.ts';
import { configProblems, runNode } from '../support/node-runs.ts';

const triggerOf = (config: object): EntryTrigger | undefined =>
  webhookEntry.entry?.(webhookEntry.config.parse(config));

describe('webhook_entry', () => {
  test('lets in customers by a path, with the name of the secret that signs the calls', () => {
    expect(triggerOf({ webhook_path: '/b' })).toEqual({ kind: 'webhook', path: '/b' });
    expect(triggerOf({ webhook_path: '/crm/new', secret_ref: 'crm' })).toEqual({
      kind: 'webhook',
      path: '/crm/new',
      secretRef: 'crm',
    });
  });

  test('says what a path is', () => {
    expect(configProblems(webhookEntry, { webhook_path: 'b' })).toEqual([
      'must be a path such as "/crm/new-lead": letters, digits, "-", "_", "." and "~"',
    ]);
  });

  test('completes at once', () => {
    expect(runNode(webhookEntry, { webhook_path: '/b' })).toEqual({ kind: 'completed' });
  });
});
