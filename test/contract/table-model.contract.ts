/** For every sequence of groups, a table answers what the simplest thinkable table answers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Condition, Item, Key, Table, Write, WriteAnswer } from '../../lib/ports/table.ts';
import { countScenario } from '../support/scenario-count.ts';
import { eventually, type TableSubject } from './table-subject.ts';

/** Groups that are written at the same time. */
type Round = readonly (readonly Write[])[];

const pks = ['a', 'b', 'a\0', 'é'];
const sks = ['1', '2', '10', 'é', '🙂', '\uffee', '1\0', '~'];
const indexes = ['red', 'blue', 'red\0'];

const key: fc.Arbitrary<Key> = fc.record({
  pk: fc.constantFrom(...pks),
  sk: fc.oneof(
    fc.constantFrom(...sks),
    fc.nat(400).map((n) => `n${n}`),
  ),
});
const item: fc.Arbitrary<Item> = fc
  .record(
    {
      key,
      index: fc.constantFrom(...indexes),
      revision: fc.nat(2),
      status: fc.constantFrom('open', 'done'),
      n: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
      text: fc.string({ unit: 'grapheme', maxLength: 40 }),
      filler: fc.nat(900).map((n) => 'x'.repeat(n)),
      json: fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme' }),
    },
    { requiredKeys: ['key'] },
  )
  .map(({ key: { pk, sk }, ...fields }) => plain({ pk, sk, ...fields }));
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.constantFrom<Condition>('absent', 'present', { equals: { status: 'open' } }),
  fc.nat(2).map((revision) => ({ revision })),
);
const anyWrite: fc.Arbitrary<Write> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ put: item, if: condition }, { requiredKeys: ['put'] }) },
  { weight: 3, arbitrary: fc.record({ delete: key, if: condition }, { requiredKeys: ['delete'] }) },
  { weight: 1, arbitrary: fc.record({ check: key, if: condition }) },
);
const group: fc.Arbitrary<Write[]> = fc.uniqueArray(anyWrite, {
  minLength: 1,
  maxLength: 12,
  selector: (write) => nameOf(keyOf(write)),
});

/** One group after the other. */
const singleGroups: fc.Arbitrary<Round[]> = fc
  .array(group, { minLength: 1, maxLength: 25 })
  .map((groups) => groups.map((writes) => [writes]));

/** Groups started together, for tables that judge them in the order of the calls. */
export const groupsTogether: fc.Arbitrary<Round[]> = fc.array(
  fc.array(group, { minLength: 1, maxLength: 8 }),
  { minLength: 1, maxLength: 10 },
);

export function describeModel(subject: TableSubject): void {
  describe('a naive table', () => {
    test('for every sequence of groups: answers, items, pages and index are the same', async () => {
      await compareWithModel(subject, singleGroups, 'table agrees with a naive one');
    });
  });
}

/** Runs the property: whatever is written, the table and the model answer alike. */
export async function compareWithModel(
  subject: TableSubject,
  rounds: fc.Arbitrary<Round[]>,
  name: string,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(rounds, async (sequence) => {
      countScenario(name, sequence);
      const { table, close } = await subject.open();
      try {
        const model = new Map<string, Item>();
        for (const round of sequence) {
          const answers = round.map((writes) => table.write({ name: 'model.write', writes }));
          const expected = round.map((writes) => writeToModel(model, writes));
          expect(await Promise.all(answers)).toEqual(expected);
        }
        await expectAlike(table, [...model.values()]);
      } finally {
        await close();
      }
    }),
    { numRuns: 100 },
  );
}

function writeToModel(model: Map<string, Item>, writes: readonly Write[]): WriteAnswer {
  const refused = writes.flatMap((write, at) => {
    const current = model.get(nameOf(keyOf(write)));
    if (write.if === undefined || holdsFor(write.if, current)) return [];
    return [current === undefined ? { at } : { at, current }];
  });
  if (refused.length > 0) return { done: false, refused };
  for (const write of writes) {
    if ('put' in write) model.set(nameOf(write.put), write.put);
    if ('delete' in write) model.delete(nameOf(write.delete));
  }
  return { done: true };
}

function holdsFor(condition: Condition, current: Item | undefined): boolean {
  if (condition === 'absent') return current === undefined;
  if (current === undefined) return false;
  if (condition === 'present') return true;
  if ('revision' in condition) return (current.revision ?? 0) === condition.revision;
  return Object.keys(condition.equals).every((name) => current[name] === condition.equals[name]);
}

async function expectAlike(table: Table, items: readonly Item[]): Promise<void> {
  const ordered = items.toSorted((a, b) => byBytes(a.pk, b.pk) || byBytes(a.sk, b.sk));
  for (const each of ordered) {
    expect(await table.get({ pk: each.pk, sk: each.sk })).toEqual(each);
  }
  for (const pk of pks) {
    const partition = ordered.filter((each) => each.pk === pk);
    expect((await table.query({ pk, limit: 1_000 })).items).toEqual(partition);
    const backward = await table.query({ pk, limit: 1_000, backward: true });
    expect(backward.items).toEqual(partition.toReversed());
    const between = await table.query({ pk, after: '10', below: 'n3', limit: 1_000 });
    expect(between.items).toEqual(
      partition.filter(({ sk }) => byBytes(sk, '10') > 0 && byBytes(sk, 'n3') < 0),
    );
    const prefixed = await table.query({ pk, prefix: 'n1', limit: 1_000 });
    expect(prefixed.items).toEqual(partition.filter(({ sk }) => sk.startsWith('n1')));
  }
  for (const index of indexes) {
    await eventually(
      async () => (await table.queryIndex({ index, limit: 1_000 })).items,
      ordered.filter((each) => each.index === index),
    );
  }
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function keyOf(write: Write): Key {
  if ('put' in write) return write.put;
  return 'delete' in write ? write.delete : write.check;
}

function nameOf({ pk, sk }: Key): string {
  return JSON.stringify([pk, sk]);
}

/** No table keeps the sign of zero. */
function plain(value: object): Item {
  return JSON.parse(JSON.stringify(value)) as Item;
}
