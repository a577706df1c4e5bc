/** A message, and how AWS refuses one: what the tests of all channels need. */
import type { OutgoingMessage } from '../../../lib/ports/channel.ts';

export const message: OutgoingMessage = {
  key: 'T1/0Ab/n1',
  tenant: 'T1',
  customer: 'c1',
  journey: 'welcome',
  instance: '0Ab',
  node: 'n1',
  channel: 'email',
  to: 'ada@example.com',
  subject: 'Grüß Gott',
  body: '<p>Hallo Ada</p>',
};

/** What must never be told: whom a message is for, and what it says. */
export const personal = /ada|example\.com|4930|hallo|grüß/i;

/** An error as the SDK throws it for an answer of a service. */
export function refusal(name: string, words = '', extra: object = {}, status = 400): Error {
  return Object.assign(new Error(words), {
    name,
    $metadata: { httpStatusCode: status, requestId: 'r-1' },
    ...extra,
  });
}
