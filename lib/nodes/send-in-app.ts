/** `send_in_app`: one message into the customer's inbox, which the application reads and shows. */
import { z } from 'zod';
import { durationMsField, nameField } from '../journey/schema-field.ts';
import { messageFields, messageNode, subjectField } from './messages/message-node.ts';

const config = z.strictObject({
  ...messageFields(50_000),
  subject: subjectField,
  from: nameField(200).exactOptional(),
  /** Where the application shows it; the application knows what its places are called. */
  placement: nameField().exactOptional(),
  /** How long it is shown. */
  expiry: durationMsField
    .refine((ms) => ms > 0, { message: 'must be longer than 0' })
    .exactOptional(),
});

/** `{ "body": "New: dark mode", "placement": "banner", "expiry": "7d" }` */
export const sendInApp = messageNode({
  type: 'send_in_app',
  set: 'extended',
  summary: "Puts a message into the customer's inbox.",
  channel: 'in_app',
  config,
  recipient: ({ customer: { id } }) =>
    typeof id === 'string' && id !== '' ? { address: id } : { none: 'no customer id' },
  extras: ({ placement, expiry }, { now }) => ({
    ...(placement === undefined ? {} : { placement }),
    ...(expiry === undefined ? {} : { expiresAt: now + expiry }),
  }),
});
