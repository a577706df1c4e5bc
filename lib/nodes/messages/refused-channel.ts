/** What a profile's preferences say about a channel: one meaning for the gate that asks and for the nodes that send. */
import { readPath } from '../../journey/fact-path.ts';
import type { Facts } from '../node-type.ts';

/** True when `preferences.<channel>` is false; whatever was never said counts as opted in (semantics 1). */
export function refusesChannel(facts: Facts, channel: string): boolean {
  return readPath(facts, `customer.preferences.${channel}`) === false;
}
