/**
 * The shape of the DynamoDB table: names and types of its keys, its index and its expiry. The adapter writes by it, deployments and
 * tests make tables by it. It is stored data: a table of another shape has to be made anew.
 */
export const tableShape = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Finds items by their index value, ordered by (`pk`, `sk`). Projects everything; items without an index value are not in it. */
  index: { name: 'by-index', partitionKey: 'index', sortKey: 'indexOrder' },
  /** Epoch seconds: the attribute that time to live is switched on for. A number. */
  expiry: 'expiresAt',
  /** `indexOrder` holds bytes: `pk` and `sk` as one text would be longer than DynamoDB lets a sort key be. */
  keyTypes: { pk: 'S', sk: 'S', index: 'S', indexOrder: 'B' },
} as const;
