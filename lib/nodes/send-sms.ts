/** `send_sms`: one text message to the customer's phone number, from a template of the library or written in the node. */
import { z } from 'zod';
import { nameField } from '../journey/schema-field.ts';
import { messageFields, messageNode } from './messages/message-node.ts';
import { phoneNumber } from './messages/phone-number.ts';

const config = z.strictObject({
  ...messageFields(10_000),
  /** As the provider knows it: a number, a name, or the ARN of one. */
  from: nameField(256).exactOptional(),
});

/** `{ "template_id": "code" }`, `{ "body": "Your table is ready, {{ customer.name }}." }` */
export const sendSms = messageNode({
  type: 'send_sms',
  set: 'core',
  summary: 'Sends a text message to a phone.',
  channel: 'sms',
  config,
  recipient: phoneNumber,
});
