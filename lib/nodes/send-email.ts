/** `send_email`: one e-mail to the customer's address, from a template of the library or written in the node. */
import { z } from 'zod';
import { readPath } from '../journey/fact-path.ts';
import { nameField } from '../journey/schema-field.ts';
import {
  messageFields,
  messageNode,
  subjectField,
  type Recipient,
} from './messages/message-node.ts';
import type { Facts } from './node-type.ts';

const config = z.strictObject({
  ...messageFields(200_000),
  subject: subjectField,
  from: nameField(320)
    .refine((address) => address.includes('@'), { message: 'must be an e-mail address' })
    .exactOptional(),
});

/** `{ "template_id": "welcome" }`, `{ "subject": "Hi {{ customer.name }}", "body": "<p>Welcome!</p>" }` */
export const sendEmail = messageNode({
  type: 'send_email',
  set: 'core',
  summary: 'Sends an e-mail.',
  channel: 'email',
  config,
  needsSubject: true,
  recipient: emailAddress,
});

function emailAddress(facts: Facts): Recipient {
  const address = readPath(facts, 'customer.email');
  if (address === undefined || address === '') return { none: 'no e-mail address' };
  return isAddress(address) ? { address } : { none: 'not an e-mail address' };
}

/** Good enough to never hand a provider two recipients or a header; whether the address exists, only the provider can tell. */
function isAddress(to: unknown): to is string {
  return typeof to === 'string' && to.length <= 320 && /^[^\s@<>,;"]+@[^\s@<>,;"]+$/.test(to);
}
