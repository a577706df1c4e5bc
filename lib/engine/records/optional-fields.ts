/**
 * Optional fields of records, between a record and its row. Records are turned into rows and back at every step of every instance,
 * so this is done field by field: copying "all the rest" of an object is many times slower.
 */

type OptionalKey<Row> = {
  [Key in keyof Row]-?: object extends Pick<Row, Key> ? Key : never;
}[keyof Row];

/** The names of all optional fields of a record; the compiler refuses a list that lacks one. */
export function namesOf<Row>(
  names: Readonly<Record<OptionalKey<Row>, true>>,
): readonly (keyof Row)[] {
  return Object.keys(names) as (keyof Row)[];
}

/** Copies those that are there. */
export function copyOptional<Row>(
  names: readonly (keyof Row)[],
  from: Row,
  to: Record<string, unknown>,
): void {
  for (const name of names) {
    const value = from[name];
    if (value !== undefined) to[name as string] = value;
  }
}
