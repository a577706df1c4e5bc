/** What CloudFormation sends to a custom resource. It turns numbers into texts, and adds properties of its own. */
import { z } from 'zod';

const id = z.string().min(1).max(2048);

/** As `RegisterProperties` in lib/deployment.ts. */
export const properties = z.object({
  step: z.literal('check').optional(),
  tenants: z.array(id),
  versions: z.array(
    z.object({
      journey: id,
      version: z.union([z.int(), z.string().regex(/^\d{1,9}$/)]).transform(Number),
      machineArn: id,
    }),
  ),
  apiKeys: z.array(z.object({ tenant: id, keyId: id })).default([]),
});

const request = z.object({
  /** Where the answer is put; emulators have it without TLS. */
  ResponseURL: z.url({ protocol: /^https?$/ }),
  StackId: id,
  RequestId: id,
  LogicalResourceId: id,
  PhysicalResourceId: id.optional(),
});

export const input = z.discriminatedUnion('RequestType', [
  request.extend({ RequestType: z.enum(['Create', 'Update']), ResourceProperties: z.unknown() }),
  request.extend({ RequestType: z.literal('Delete') }),
]);

export type ResourceRequest = z.infer<typeof input>;
