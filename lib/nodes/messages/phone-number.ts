/** The customer's phone number, where text and WhatsApp messages go. */
import { readPath } from '../../journey/fact-path.ts';
import type { Recipient } from './message-node.ts';
import type { Facts } from '../node-type.ts';

/** As it stands in the profile; providers read the usual ways of writing one. */
export function phoneNumber(facts: Facts): Recipient {
  const phone = readPath(facts, 'customer.phone');
  if (phone === undefined || phone === '') return { none: 'no phone number' };
  return isPhone(phone) ? { address: phone } : { none: 'not a phone number' };
}

/** One number and nothing else: no list of numbers, no words. */
function isPhone(phone: unknown): phone is string {
  return typeof phone === 'string' && /^\+?[\d(][\d ().\-/]{1,30}$/.test(phone);
}
