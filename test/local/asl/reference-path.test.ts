/** Reference paths: which texts are one, and what writing a result to one makes of the input. */
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../lib/json.ts';
import { parseReferencePath, putAt } from '../../../lib/local/asl/reference-path.ts';

function put(path: string, document: Json, value: Json): Json | undefined {
  const parsed = parseReferencePath(path);
  if (parsed === undefined) throw new Error(`${path} does not parse`);
  return putAt(parsed, document, value);
}

describe('parseReferencePath', () => {
  it.each(['$', '$.a.b', "$['a b'].c", '$.a[0].b'])('accepts %s', (path) => {
    expect(parseReferencePath(path)?.text).toBe(path);
  });

  it.each(['$.a[*]', '$..a', '$.a[0:1]', "$['a','b']", '$.a[?(@.b)]', '$$.Execution', 'a'])(
    'refuses %s',
    (path) => {
      expect(parseReferencePath(path)).toBeUndefined();
    },
  );
});

describe('putAt', () => {
  it('adds a field and leaves the document as it is', () => {
    const document = { a: 1 };
    expect(put('$.b', document, 2)).toEqual({ a: 1, b: 2 });
    expect(document).toEqual({ a: 1 });
  });

  it('replaces a field', () => {
    expect(put('$.a', { a: 1, c: 3 }, { d: 4 })).toEqual({ a: { d: 4 }, c: 3 });
  });

  it('makes the objects that are missing on the way', () => {
    expect(put('$.a.b.c', {}, 1)).toEqual({ a: { b: { c: 1 } } });
  });

  it('replaces an item of a list', () => {
    expect(put('$.a[1].b', { a: [0, { b: 1, c: 2 }] }, 9)).toEqual({ a: [0, { b: 9, c: 2 }] });
    expect(put('$.a[-1]', { a: [0, 1] }, 9)).toEqual({ a: [0, 9] });
  });

  it('replaces everything at the root', () => {
    expect(put('$', { a: 1 }, 'x')).toBe('x');
  });

  it.each<[string, Json]>([
    ['$.a', 'text'],
    ['$.a', null],
    ['$.a', [1]],
    ['$.a.b', { a: 'text' }],
    ['$.a[2]', { a: [1] }],
    ['$.a[0]', { a: 'text' }],
    ['$.a[0].b', { a: ['text'] }],
  ])('does not fit %s into %j', (path, document) => {
    expect(put(path, document, 1)).toBeUndefined();
  });
});
