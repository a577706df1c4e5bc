/**
 * What a state hands to a function: ids only (design, decision 3). `schema` numbers the shape, so that new code understands what
 * an old machine sends.
 */
import type { JsonObject } from '../json.ts';
import { payloadSchema } from '../nodes/machine-contract.ts';

const ids: JsonObject = {
  schema: payloadSchema,
  'tenant.$': '$.tenant',
  'journey.$': '$.journey',
  'instance.$': '$.instance',
  'epoch.$': '$.epoch',
};

/** Runs, or resolves the wait of, this node. */
export function nodePayload(node: string): JsonObject {
  return { ...ids, node };
}

/** Runs this node and parks it: the token answers the task. */
export function parkingPayload(node: string): JsonObject {
  return { ...ids, node, 'token.$': '$$.Task.Token' };
}

/** Asks how many seconds the wait of this node will take. */
export function deadlinePayload(node: string): JsonObject {
  return { ...ids, node, ask: 'deadline' };
}

/** Parks a paused instance at the gate; the cause names the node that it goes on at. */
export function pausePayload(): JsonObject {
  return { ...ids, ask: 'pause', 'cause.$': '$.error.Cause', 'token.$': '$$.Task.Token' };
}

/** Waits until the join at this node is to run: the token answers the task. */
export function joinPayload(node: string): JsonObject {
  return { ...parkingPayload(node), ask: 'join' };
}

/** Tells that a function gave up on the instance; `error` is the error's name only, its text may hold personal data. */
export function failurePayload(): JsonObject {
  return { ...ids, 'error.$': '$.error.Error' };
}
