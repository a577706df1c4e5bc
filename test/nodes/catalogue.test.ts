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
  const files = readdirSync(join(root, 'lib', 'nodes')).filter((name) => name.endsWith('.ts'));
  for (const file of files) {
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

  test('the core set is exactly 3 entry, 5 channel, 6 logic, 4 data and 2 exit types', () => {
    const counted: Record<string, number> = {};
    for (const { category, set } of nodeTypes.values()) {
      if (set === 'core') counted[category] = (counted[category] ?? 0) + 1;
    }
    expect(counted).toEqual({ entry: 3, channel: 5, logic: 6, data: 4, exit: 2 });
  });

  test('the core set is these types, each in its category, and the others are these', () => {
    const named = (category: NodeType['category']): string[] =>
      [...nodeTypes.values()]
        .filter((type) => type.set === 'core' && type.category === category)
        .map(({ type }) => type)
        .toSorted();
    for (const [category, types] of Object.entries(core)) {
      expect([category, ...named(category as NodeType['category'])]).toEqual([
        category,
        ...types.toSorted(),
      ]);
    }
    const extended = [...nodeTypes.values()].filter(({ set }) => set === 'extended');
    expect(extended.map(({ type, category }) => `${category} ${type}`).toSorted()).toEqual([
      'channel send_in_app',
      'data track_conversion',
      'logic check_segment',
      'logic preference_gate',
    ]);
  });
});
