/** The node whose task has timed out. */
import { nodePayload } from '../_shared/node-payload.ts';

export const input = nodePayload;
