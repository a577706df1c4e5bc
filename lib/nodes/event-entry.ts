/** `event_entry`: an event of a type lets the customer in, if its data passes the filter. */
import { z } from 'zod';
import { filterField, idField } from '../journey/schema-field.ts';
import { nodeType } from './node-type.ts';

const config = z.strictObject({
  event_type: idField(),
  filter: filterField.exactOptional(),
});

/** `{ "event_type": "signed_up", "filter": { "plan": "pro" } }` */
export const eventEntry = nodeType<z.infer<typeof config>>({
  type: 'event_entry',
  category: 'entry',
  set: 'core',
  summary: 'Starts the journey when a customer does something.',
  config,
  entry: ({ event_type: eventType, filter }) => ({
    kind: 'event',
    eventType,
    ...(filter === undefined ? {} : { filter }),
  }),
  run: () => ({ kind: 'completed' }),
});
