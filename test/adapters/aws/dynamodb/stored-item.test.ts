import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromStoredItem, toStoredItem } from '../../../../lib/adapters/aws/dynamodb/stored-item.ts';
import type { Attributes } from '../../../../lib/adapters/aws/dynamodb/stored-value.ts';
import type { Item } from '../../../../lib/ports/table.ts';

const key = { pk: 'T#i#1', sk: 'i' };
const storedKey = { pk: { S: 'T#i#1' }, sk: { S: 'i' } };

describe('an item is kept in the types of DynamoDB', () => {
  test('so that it is readable in the console', () => {
    const item: Item = {
      ...key,
      revision: 7,
      expiresAt: 1_767_225_600,
      status: 'waiting',
      live: true,
      gone: null,
      tokens: [{ node: 'a', tries: 0 }, []],
      empty: {},
      text: '',
    };
    expect(toStoredItem(item)).toEqual({
      ...storedKey,
      revision: { N: '7' },
      expiresAt: { N: '1767225600' },
      status: { S: 'waiting' },
      live: { BOOL: true },
      gone: { NULL: true },
      tokens: { L: [{ M: { node: { S: 'a' }, tries: { N: '0' } } }, { L: [] }] },
      empty: { M: {} },
      text: { S: '' },
    });
  });

  test('with its place in the index, if it has an index value', () => {
    const stored = toStoredItem({ ...key, index: 'T#j#welcome' });
    expect(stored).toEqual({
      ...storedKey,
      index: { S: 'T#j#welcome' },
      indexOrder: { B: Buffer.from('U$j$2\0i') },
    });
    expect(fromStoredItem(stored)).toEqual({ ...key, index: 'T#j#welcome' });
  });
});

describe('what DynamoDB cannot hold is wrapped', () => {
  const numbers: readonly [number, unknown][] = [
    [0, { N: '0' }],
    [-0, { N: '0' }],
    [9_007_199_254_740_991, { N: '9007199254740991' }],
    [0.1 + 0.2, { N: '0.30000000000000004' }],
    [1e125, { N: '1e+125' }],
    [-1e-128, { N: '-1e-128' }],
    [1.7e308, { M: { '~number': { S: '1.7e+308' } } }],
    [-5e-324, { M: { '~number': { S: '-5e-324' } } }],
  ];
  for (const [number, expected] of numbers) {
    test(`the number ${number}`, () => {
      const stored = toStoredItem({ ...key, number });
      expect(stored.number).toEqual(expected);
      expect(fromStoredItem(stored)).toEqual({ ...key, number: number === 0 ? 0 : number });
    });
  }

  test('names that are empty, our own, or those of a prototype', () => {
    const item = { ...key, ...names(), inner: names() } as Item;
    const stored = toStoredItem(item);
    expect(Object.keys(stored)).toEqual(['pk', 'sk', ...storedNames, 'inner']);
    expect(Object.keys(stored.inner?.M ?? {})).toEqual(storedNames);
    const back = fromStoredItem(stored);
    expect(Object.keys(back)).toEqual(Object.keys(item));
    expect(Object.keys(back.inner as object)).toEqual(Object.keys(names()));
  });

  test('a field that looks like something wrapped is what somebody wrote', () => {
    const item = {
      ...key,
      field: { '~number': '1e300' },
      other: { '~brotli': 'x', '~sha256': 'y' },
    };
    expect(fromStoredItem(toStoredItem(item))).toEqual(item);
  });

  const storedNames = ['~', '~~', '~indexOrder', '~~number', '~__proto__', 'indexorder'];
  function names(): object {
    return JSON.parse(
      '{"":1,"~":2,"indexOrder":3,"~number":4,"__proto__":5,"indexorder":6}',
    ) as object;
  }
});

describe('a large value is packed', () => {
  const graph = Array.from({ length: 500 }, (_, n) => ({ id: `node-${n}`, type: 'send_email' }));

  test('when it takes 4 KB, and the rest of its item stays readable', () => {
    const item = { ...key, revision: 3, graph, short: 'x'.repeat(1_000) };
    const stored = toStoredItem(item);
    expect(Object.keys(stored.graph?.M ?? {})).toEqual(['~brotli', '~sha256']);
    expect(stored.graph?.M?.['~brotli']?.B?.length).toBeLessThan(4_000);
    expect(stored).toMatchObject({ revision: { N: '3' }, short: { S: 'x'.repeat(1_000) } });
    expect(fromStoredItem(stored)).toEqual(item);
  });

  test('unless that would hardly make it smaller', () => {
    const chance = randomBytes(6_000).toString('latin1');
    const text = randomBytes(60_000).toString('base64');
    for (const value of [chance, [text]]) {
      const item = { ...key, value };
      expect(fromStoredItem(toStoredItem(item))).toEqual(item);
    }
    expect(toStoredItem({ ...key, list: ['€'.repeat(1_000)] }).list).toEqual({
      L: [{ S: '€'.repeat(1_000) }],
    });
  });

  test('so that a megabyte of state machine fits an item', () => {
    const definition = JSON.stringify(
      Array.from({ length: 500 }, (_, n) => ({
        Type: 'Task',
        Next: `n${n}`,
        Text: 'y'.repeat(1e3),
      })),
    );
    const stored = toStoredItem({ ...key, definition });
    expect(definition.length).toBeGreaterThan(500_000);
    expect(stored.definition?.M?.['~brotli']?.B?.length).toBeLessThan(10_000);
    expect(fromStoredItem(stored).definition).toBe(definition);
  });

  test('and comes back from a stream, which hands on bytes as base64', () => {
    const stored = toStoredItem({ ...key, graph });
    const bytes = stored.graph?.M?.['~brotli']?.B ?? new Uint8Array();
    const inStream = {
      ...stored,
      graph: { M: { '~brotli': { B: Buffer.from(bytes).toString('base64') } } },
    } as unknown as Attributes;
    expect(fromStoredItem(inStream)).toEqual({ ...key, graph });
  });
});

test('for every item: it comes back, and its stored names and numbers are ones that DynamoDB takes', () => {
  const item = fc
    .record({
      json: fc.jsonValue({ maxDepth: 6, stringUnit: 'grapheme' }),
      number: fc.double({ noNaN: true, noDefaultInfinity: true }),
      fields: fc.dictionary(
        fc.constantFrom('', '~', '~~', 'indexOrder', '__proto__', 'status', '~brotli'),
        fc.jsonValue(),
      ),
    })
    .map((fields) => JSON.parse(JSON.stringify({ ...fields, ...fields.fields, ...key })) as Item);
  fc.assert(
    fc.property(item, (each) => {
      const stored = toStoredItem(each);
      expect(fromStoredItem(stored)).toEqual(each);
      expectStorable(stored);
    }),
    { numRuns: 500 },
  );
});

function expectStorable(stored: Attributes): void {
  for (const [name, value] of Object.entries(stored)) {
    expect(name).not.toBe('');
    expect(Object.keys(value)).toHaveLength(1);
    if (value.M !== undefined) expectStorable(value.M);
    for (const element of value.L ?? []) expectStorable({ element });
    if (value.N !== undefined && Number(value.N) !== 0) {
      const magnitude = Math.abs(Number(value.N));
      expect(magnitude).toBeGreaterThan(1e-130);
      expect(magnitude).toBeLessThan(9e125);
    }
  }
}
