/** `wait`: the customer stays here for a fixed time. */
import { z } from 'zod';
import { durationMsField } from '../journey/schema-field.ts';
import { nodeType } from './node-type.ts';
import { unexpectedTrigger } from './unexpected-trigger.ts';

const config = z.strictObject({ duration: durationMsField });

/** `{ "duration": "3d" }`; `0s` passes straight through. */
export const wait = nodeType<z.infer<typeof config>>({
  type: 'wait',
  category: 'logic',
  set: 'core',
  summary: 'Waits for a fixed time.',
  config,
  parking: ({ duration }) => ({ kind: 'fixed', durationMs: duration }),
  run: ({ duration }, { now }) =>
    duration === 0
      ? { kind: 'completed' }
      : { kind: 'waiting', wait: { deadline: now + duration } },
  resume: (_config, _ctx, trigger) =>
    trigger.kind === 'timer' ? { kind: 'completed' } : unexpectedTrigger('wait', trigger),
});
