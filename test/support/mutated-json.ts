/** Inputs that are nearly right: a valid one in which a few values are replaced, left out or nested. */
import fc from 'fast-check';
import type { Json } from '../../lib/json.ts';

/** Texts that keys, rows and parsers are least fond of. */
const oddText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '#',
    '%23',
    '__proto__',
    'a\u0000b',
    '\ud800',
    '🙂',
    '\r\n',
    '0',
    'null',
  ),
  fc.constantFrom('x'.repeat(600), 'é'.repeat(300), '../..', '{{ customer.name }}', '${x}'),
  fc.string({ unit: 'binary', maxLength: 80 }),
);

type Path = readonly (string | number)[];

interface Mutation {
  readonly at: number;
  readonly kind: 'replace' | 'remove' | 'wrap';
  readonly value: Json;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'wrap'),
  value: fc.oneof(oddText, fc.jsonValue({ stringUnit: 'binary' })),
});

export function mutated(valid: Json): fc.Arbitrary<Json> {
  return fc
    .array(mutation, { maxLength: 3 })
    .map((mutations) => mutations.reduce(mutate, structuredClone(valid)));
}

function mutate(value: Json, { at, kind, value: drawn }: Mutation): Json {
  // A copy: what was drawn is looked at again when a failure is shrunk, and a later mutation may reach into it.
  const other = structuredClone(drawn);
  const paths = pathsIn(value);
  const path = paths[at % paths.length] ?? [];
  if (path.length === 0) return kind === 'wrap' ? [value] : other;
  const parent = path.slice(0, -1).reduce((inner, key) => (inner as never)[key], value) as never;
  const key = path.at(-1) as never;
  if (kind === 'remove') Reflect.deleteProperty(parent, key);
  else (parent as Record<string, Json>)[key] = kind === 'wrap' ? [parent[key]] : other;
  return value;
}

function pathsIn(value: Json, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner as Json, [...path, key])),
  ];
}
