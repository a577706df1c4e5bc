/** The execution that is over, and why. */
import { failurePayload } from '../_shared/node-payload.ts';

export const input = failurePayload;
