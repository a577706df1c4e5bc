/** The catalogue is complete, and of the fixed core set (U1). */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeTypes } from '../../lib/nodes/catalogue.ts';
import type { NodeType } from '../../lib/nodes/node-type.ts';

const root = join(import.meta.dirname, '..', '..');

/** The core set, by category: 3 + 5 + 6 + 4 + 2 (semantics 1, U1). */
const core: Record<NodeType['category'], readonly string[]> = {
  entry: ['event_entry', 'segment_entry', 'webhook_entry'],
  channel: ['send_email', 'send_sms', 'send_push', 'send_whatsapp', 'call_webhook'],
  logic: ['wait', 'wait_until', 'wait_for_event', 'condition', 'ab_split', 'frequency_cap'],
  data: ['update_profile', 'add_tag', 'remove_tag', 'custom_code'],
  exit: ['goal_reached', 'exit'],
};

/** Exports of the files in lib/nodes that are node types, by file. */
async function definedTypes(): Promise<ReadonlyMap<string, NodeType>> {
  const defined = new Map<string, NodeType>();
  for (const file of readdirSync(join(root, 'lib', 'nodes'))) {
    const exported = (await import(join(root, 'lib', 'nodes', file))) as Record<string, unknown>;
    for (const value of Object.values(exported)) if (isNodeType(value)) defined.set(file, value);
  }
  return defined;
}

function isNodeType(value: unknown): value is NodeType {
  return typeof value === 'object' && value !== null && 'category' in value && 'run' in value;
}

describe('the catalogue', () => {
  test('holds these types', () => {
    expect([...nodeTypes.keys()]).toEqual([
      'event_entry',
      'webhook_entry',
      'segment_entry',
      'send_email',
      'send_sms',
      'send_push',
      'send_whatsapp',
      'send_in_app',
      'call_webhook',
      'wait',
      'wait_until',
      'wait_for_event',
      'condition',
      'ab_split',
      'frequency_cap',
      'check_segment',
      'preference_gate',
      'update_profile',
      'add_tag',
      'remove_tag',
      'custom_code',
      'track_conversion',
      'goal_reached',
      'exit',
    ]);
  });

  test('holds every type that a file defines, under its own name', async () => {
    const defined = await definedTypes();
    expect(new Set(defined.values())).toEqual(new Set(nodeTypes.values()));
    for (const [name, type] of nodeTypes) expect(type.type).toBe(name);
  });

  test('each type is in the file of its name and has a test', async () => {
    for (const [file, { type }] of await definedTypes()) {
      const name = type.replaceAll('_', '-');
      expect(file).toBe(`${name}.ts`);
      expect([type, existsSync(join(root, 'test', 'nodes', `${name}.test.ts`))]).toEqual([
        type,
        true,
      ]);
    }
  });

  test('core types are of the fixed set, each in its category', () => {
    const fixed = Object.values(core).map((types) => types.length);
    expect(fixed).toEqual([3, 5, 6, 4, 2]);
    for (const { type, category, set } of nodeTypes.values()) {
      expect([type, core[category].includes(type)]).toEqual([type, set === 'core']);
    }
  });
});
