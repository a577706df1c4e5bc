/** The template: texts of the tenant's library, with the channel that they are written for. */
import type { Template } from '../../nodes/node-type.ts';
import type { Item } from '../../ports/table.ts';
import { keyParts, keys } from './keys.ts';

export function templateItem(
  tenant: string,
  { id, channel, subject, body }: Template,
  savedAt: number,
): Item {
  return {
    ...keys.template(tenant, id),
    ...(channel === undefined ? {} : { channel }),
    ...(subject === undefined ? {} : { subject }),
    body,
    savedAt,
  };
}

export function templateOf({ pk: _pk, sk, savedAt: _savedAt, ...texts }: Item): Template {
  return { ...(texts as unknown as Omit<Template, 'id'>), id: keyParts(sk)[0] ?? '' };
}
