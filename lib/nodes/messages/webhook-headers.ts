/** Headers of a webhook, as they are drawn: texts, or names of secrets that only the caller puts in. */
import { z } from 'zod';
import { idField, shapedField } from '../../journey/schema-field.ts';
import type { SecretHeader } from '../node-type.ts';

export type WebhookHeaders = Readonly<Record<string, string | SecretHeader>>;

/** What a header may hold (RFC 9110): one line of visible ASCII. */
const headerText = z
  .string()
  .max(2_000)
  .regex(/^[\x20-\x7e]*$/, { message: 'must be one line of plain ASCII' });

const secretHeader = z
  .strictObject({ secret_ref: idField(), prefix: headerText.max(100).exactOptional() })
  .transform(({ secret_ref: secretRef, prefix }): SecretHeader => ({
    secretRef,
    ...(prefix === undefined ? {} : { prefix }),
  }));

const headersMax = 20;

/** Names that belong to the connection, or to us. */
const ours =
  /^(host|connection|content-length|transfer-encoding|upgrade|te|trailer|expect|keep-alive|proxy-.*|idempotency-key|kalcifer-.*)$/;

/** `{ "X-Team": "growth", "Authorization": { "secret_ref": "crm", "prefix": "Bearer " } }`; names become lower case. */
export const webhookHeaders: z.ZodType<WebhookHeaders> = z
  .record(
    z.string(),
    shapedField<string | SecretHeader>((input) =>
      typeof input === 'object' && input !== null ? secretHeader : headerText,
    ),
  )
  .superRefine((headers, context) => {
    const names = Object.keys(headers);
    const report = (message: string, ...path: string[]): void =>
      context.addIssue({ code: 'custom', message, path });
    if (names.length > headersMax) report(`must not have more than ${headersMax} headers`);
    const seen = new Set<string>();
    for (const name of names) {
      const lower = name.toLowerCase();
      if (!/^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(lower)) report('is not a header name', name);
      if (ours.test(lower)) report('is set by Kalcifer', name);
      if (seen.has(lower)) report('is there twice', name);
      seen.add(lower);
    }
  })
  .transform((headers) =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  );
