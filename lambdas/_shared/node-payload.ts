/**
 * What compiled machines call their functions with: ids, and the token of a task that waits. Machines of the release before call
 * with the shape before. What is there besides is passed over.
 */
import { z } from 'zod';
import { idField } from './id-field.ts';
import { payloadSchema } from '../../lib/nodes/machine-contract.ts';

const token = z.string().min(1).max(2048);

/** Which execution calls. */
const execution = z.object({
  schema: z.literal([payloadSchema - 1, payloadSchema]),
  tenant: idField,
  /** Since schema 2. */
  journey: idField.optional(),
  instance: idField,
  epoch: z.int().min(0),
});

/** Runs a node. */
export const nodePayload = execution.extend({ node: idField, ask: z.undefined().optional() });

/** Runs a node and parks it. */
export const parkingPayload = nodePayload.extend({ token });

/** Asks how long a wait takes; or parks at a join, or a paused instance before the node that the cause names. */
export const askingPayload = z.discriminatedUnion('ask', [
  execution.extend({ ask: z.literal('deadline'), node: idField }),
  execution.extend({ ask: z.literal('join'), node: idField, token }),
  execution.extend({ ask: z.literal('pause'), cause: z.string().max(32_768), token }),
]);

/** Tells that a function gave up on the instance, and the name of its error. */
export const failurePayload = execution.extend({ error: z.string().min(1).max(32_768) });

export type NodePayload = z.infer<
  typeof nodePayload | typeof parkingPayload | typeof askingPayload | typeof failurePayload
>;
