/** `wait_for_event`: the customer stays here until an event comes or the time is over, and leaves by the branch of what came first. */
import { z } from 'zod';
import type { JsonObject } from '../json.ts';
import { durationMsField, filterField, idField, nameField } from '../journey/schema-field.ts';
import { nodeType, type Outcome, type ReceivedEvent } from './node-type.ts';
import { unexpectedTrigger } from './unexpected-trigger.ts';

const branchName = nameField(80);

const config = z.strictObject({
  event_type: idField(),
  timeout: durationMsField,
  filter: filterField.exactOptional(),
  event_branch: branchName.default('event_received'),
  timeout_branch: branchName.default('timed_out'),
});

type Config = z.infer<typeof config>;

/** `{ "event_type": "email_opened", "timeout": "3d", "filter": { "campaign": "spring" } }` */
export const waitForEvent = nodeType<Config>({
  type: 'wait_for_event',
  category: 'logic',
  set: 'core',
  summary: 'Waits for the customer to do something, but not for ever.',
  config,
  validate: ({ event_branch: event, timeout_branch: timeout }) =>
    event === timeout
      ? [
          {
            message: `event_branch and timeout_branch are both "${event}"`,
            hint: 'Give the two branches different names.',
          },
        ]
      : [],
  branches: ({ event_branch: event, timeout_branch: timeout }) => [event, timeout],
  parking: ({ timeout }) => ({ kind: 'fixed', durationMs: timeout }),
  run: (drawn, { now }) =>
    drawn.timeout === 0
      ? timedOut(drawn)
      : {
          kind: 'waiting',
          wait: {
            deadline: now + drawn.timeout,
            event: {
              eventType: drawn.event_type,
              ...(drawn.filter === undefined ? {} : { filter: drawn.filter }),
            },
          },
        },
  resume: (drawn, _ctx, trigger) => {
    switch (trigger.kind) {
      case 'event':
        return eventCame(drawn, trigger.event);
      // A timer that fires on an event wait is the timeout, also after a recovery (semantics 5, N7).
      case 'timeout':
      case 'timer':
        return timedOut(drawn);
      case 'delivery':
      case 'code':
        return unexpectedTrigger('wait_for_event', trigger);
    }
  },
});

function eventCame({ event_branch: branch }: Config, { id, type, data }: ReceivedEvent): Outcome {
  const event: JsonObject = { id, type, data };
  return {
    kind: 'branched',
    branch,
    result: { branch, event },
    notes: [`the event ${type} came in time, so ${branch}`],
  };
}

function timedOut({ timeout_branch: branch, event_type: type }: Config): Outcome {
  return {
    kind: 'branched',
    branch,
    result: { branch },
    notes: [`no event ${type} came in time, so ${branch}`],
  };
}
