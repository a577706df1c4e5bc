/** `webhook_entry`: a signed call from another system lets a customer in. */
import { z } from 'zod';
import { idField } from '../journey/schema-field.ts';
import { nodeType } from './node-type.ts';

const config = z.strictObject({
  webhook_path: z
    .string()
    .max(200)
    .regex(/^(\/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+$/, {
      message: 'must be a path such as "/crm/new-lead": letters, digits, "-", "_", "." and "~"',
    }),
  secret_ref: idField().exactOptional(),
});

/** `{ "webhook_path": "/crm/new-lead", "secret_ref": "crm-webhook" }` */
export const webhookEntry = nodeType<z.infer<typeof config>>({
  type: 'webhook_entry',
  category: 'entry',
  set: 'core',
  summary: 'Starts the journey when another system calls a web address.',
  config,
  entry: ({ webhook_path: path, secret_ref: secretRef }) => ({
    kind: 'webhook',
    path,
    ...(secretRef === undefined ? {} : { secretRef }),
  }),
  secrets: ({ secret_ref: secret }) => (secret === undefined ? [] : [secret]),
  run: () => ({ kind: 'completed' }),
});
