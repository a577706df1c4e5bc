/** A node to park, or a question about one. */
import { z } from 'zod';
import { askingPayload, parkingPayload } from '../_shared/node-payload.ts';

export const input = z.union([parkingPayload, askingPayload]);
