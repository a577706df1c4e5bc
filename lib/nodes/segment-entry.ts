/** `segment_entry`: a customer who comes into a segment is let in; one who is in it already is not. */
import { z } from 'zod';
import { cronField, idField } from '../journey/schema-field.ts';
import { nodeType } from './node-type.ts';

const config = z.strictObject({
  segment_id: idField(),
  schedule: cronField.exactOptional(),
  on: z.literal('enter').default('enter'),
});

/**
 * `{ "segment_id": "big-spenders" }`: as soon as a profile changes. `{ "segment_id": "big-spenders", "schedule": "0 9 * * MON" }`:
 * everybody who came in since the last time, at that time (UTC).
 */
export const segmentEntry = nodeType<z.infer<typeof config>>({
  type: 'segment_entry',
  category: 'entry',
  set: 'core',
  summary: 'Starts the journey when a customer comes into a segment.',
  config,
  entry: ({ segment_id: segment, schedule }) => ({
    kind: 'segment',
    segment,
    ...(schedule === undefined ? {} : { schedule }),
  }),
  run: () => ({ kind: 'completed' }),
});
