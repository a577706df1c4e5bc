/** What a node answers to a trigger that it never asked for: it fails once, with the reason, and acts on nothing. */
import type { Outcome, Trigger } from './node-type.ts';

export function unexpectedTrigger(type: string, trigger: Trigger): Outcome {
  return {
    kind: 'failed',
    code: 'node.unexpected_trigger',
    detail: `${type} does not go on by this trigger: ${trigger.kind}`,
    retryable: false,
  };
}
