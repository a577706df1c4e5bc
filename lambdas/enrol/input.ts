/** What lies in the entry queue: an execution to start. Its input holds ids only. */
import { z } from 'zod';
import { idField } from '../_shared/id-field.ts';

export const input = z.object({
  /** Number of this shape. */
  schema: z.literal(1),
  start: z.object({
    machine: z.object({ tenant: idField, journey: idField, version: z.int().min(1) }),
    name: z.string().regex(/^[\w-]{1,80}$/),
    input: z.record(z.string(), z.json()),
  }),
});
