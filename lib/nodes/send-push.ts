/** `send_push`: one push notification to the customer's device, from a template of the library or written in the node. */
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
  ...messageFields(10_000),
  /** The title of the notification. */
  subject: subjectField,
  from: nameField(200).exactOptional(),
});

/** `{ "template_id": "sale" }`, `{ "subject": "Sale", "body": "Everything must go, {{ customer.name }}." }` */
export const sendPush = messageNode({
  type: 'send_push',
  set: 'core',
  summary: 'Sends a push notification to a device.',
  channel: 'push',
  config,
  recipient: deviceToken,
});

const tokenCharactersMax = 4_096;

/** `properties.push_token`: the token of the customer's device, or a list of tokens, of which the first is meant. */
function deviceToken(facts: Facts): Recipient {
  const given = readPath(facts, 'customer.properties.push_token');
  const token = Array.isArray(given) ? readPath(facts, 'customer.properties.push_token.0') : given;
  if (token === undefined || token === '') return { none: 'no push token' };
  return isToken(token) ? { address: token } : { none: 'not a push token' };
}

function isToken(token: unknown): token is string {
  return typeof token === 'string' && token.length <= tokenCharactersMax && /^\S+$/.test(token);
}
