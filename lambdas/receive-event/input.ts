/**
 * What lies in the event queue, as EventBridge puts it there: an event about a customer, from the deployment's own bus, or what SES
 * reports of a mail, from the account's default bus. Further fields are left aside.
 */
import { z } from 'zod';

export const sesSource = 'aws.ses';

const id = z.string().min(1).max(256);

/** `aws events put-events`: the detail type is the event's type. */
export const customerEvent = z.object({
  id,
  source: z
    .string()
    .max(256)
    .refine((source) => source !== sesSource),
  'detail-type': z.string().min(1).max(256),
  detail: z.object({
    tenant: z.string(),
    customer: z.string(),
    data: z.record(z.string(), z.json()).optional(),
    /** Whoever may send an event again gives it one; EventBridge's own is as good for what EventBridge repeats. */
    id: id.optional(),
  }),
});

const sesReport = z.looseObject({
  id,
  source: z.literal(sesSource),
  'detail-type': z.string().min(1).max(256),
});

export const input = z.union([customerEvent, sesReport]);
