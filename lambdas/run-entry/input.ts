/** One node to run. */
import { nodePayload } from '../_shared/node-payload.ts';

export const input = nodePayload;
