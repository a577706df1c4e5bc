/** An id in what functions are called with: of a tenant, a journey, an instance or a node. */
import { z } from 'zod';

export const idField = z.string().regex(/\S/).max(512);
