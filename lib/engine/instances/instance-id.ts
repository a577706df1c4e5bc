/**
 * The id of an instance that an event creates: the same event gives the same id at every delivery, so it can enrol a customer in a
 * journey only once, for ever. It begins with the time of the first delivery, as every id does.
 */
import { derivedId } from '../derived-id.ts';

export function eventInstanceId(
  tenant: string,
  journey: string,
  event: string,
  receivedAt: number,
): string {
  return derivedId([tenant, journey, event], receivedAt);
}
