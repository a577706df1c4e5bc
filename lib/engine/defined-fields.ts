/** Optional fields as they come out of a schema, where absent ones may be there as `undefined`, become fields that are there or not. */

type Defined<Fields> = { [Name in keyof Fields]: Exclude<Fields[Name], undefined> };

export function definedFields<Fields extends object>(fields: Fields): Partial<Defined<Fields>> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<Defined<Fields>>;
}
