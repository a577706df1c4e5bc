/** What lies in the entry queue: an execution to start. Its input holds ids only. */
import { z } from 'zod';

const id = z.string().regex(/\S/).max(512);

export const input = z.object({
  /** Number of this shape. */
  schema: z.literal(1),
  start: z.object({
    machine: z.object({ tenant: id, journey: id, version: z.int().min(1) }),
    name: z.string().regex(/^[\w-]{1,80}$/),
    input: z.record(z.string(), z.json()),
  }),
});
