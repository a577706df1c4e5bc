/** `send_whatsapp`: one WhatsApp message to the customer's phone number, from a template of the library or written in the node. */
import { z } from 'zod';
import { nameField } from '../journey/schema-field.ts';
import { messageFields, messageNode } from './messages/message-node.ts';
import { phoneNumber } from './messages/phone-number.ts';

const config = z.strictObject({
  ...messageFields(10_000),
  /** As the provider knows it: `phone-number-id-…`, or the ARN of one. */
  from: nameField(256).exactOptional(),
});

/** `{ "template_id": "shipped" }`, `{ "body": "Your parcel is on its way." }` */
export const sendWhatsapp = messageNode({
  type: 'send_whatsapp',
  set: 'core',
  summary: 'Sends a WhatsApp message.',
  channel: 'whatsapp',
  config,
  recipient: phoneNumber,
});
