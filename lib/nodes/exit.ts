/** `exit`: the journey ends here for this customer. */
import { z } from 'zod';
import { nameField } from '../journey/schema-field.ts';
import { nodeType } from './node-type.ts';

const config = z.strictObject({ reason: nameField().exactOptional() });

/** `{ "reason": "not interested" }` */
export const exit = nodeType<z.infer<typeof config>>({
  type: 'exit',
  category: 'exit',
  set: 'core',
  summary: 'Ends the journey.',
  config,
  ends: () => true,
  run: ({ reason }) => ({ kind: 'ended', ...(reason === undefined ? {} : { reason }) }),
});
