/** `goal_reached`: the journey did what it was drawn for. Counts one conversion, and ends the journey unless told to go on. */
import { z } from 'zod';
import { nameField } from '../journey/schema-field.ts';
import { nodeType, type Effect } from './node-type.ts';

const config = z.strictObject({
  goal_name: nameField(),
  exit_after_goal: z.boolean().default(true),
  value: z.number().exactOptional(),
});

/** `{ "goal_name": "activated", "value": 49.9 }` */
export const goalReached = nodeType<z.infer<typeof config>>({
  type: 'goal_reached',
  category: 'exit',
  set: 'core',
  summary: 'Counts a conversion, and ends the journey.',
  config,
  ends: ({ exit_after_goal: ends }) => ends,
  run: ({ goal_name: name, exit_after_goal: ends, value }) => {
    const worth = value === undefined ? {} : { value };
    const effects: readonly Effect[] = [{ kind: 'convert', name, ...worth }];
    const result = { goal: name, ...worth };
    return ends ? { kind: 'ended', result, effects } : { kind: 'completed', result, effects };
  },
});
