/** A world for the interpreter alone: one machine, one instant, tokens that name their task. */
import type { Json, JsonObject } from '../../../lib/json.ts';
import type { World } from '../../../lib/local/asl/advance.ts';
import { compileMachine } from '../../../lib/local/asl/machine.ts';

/** Epoch milliseconds at which every execution here has begun. */
export const begun = 1_000_000;

/** @param after milliseconds since the execution began */
export function worldOf(definition: JsonObject, input: Json = {}, after = 0): World {
  return {
    machine: compileMachine(definition),
    facts: {
      id: 'arn:aws:states:local:acme:execution:m:e',
      name: 'e',
      input,
      startedAt: begun,
      machineId: 'arn:aws:states:local:acme:stateMachine:m',
      machineName: 'm',
      roleArn: 'arn:aws:iam::acme:role/local',
    },
    now: begun + after,
    chance: { next: () => 0.5 },
    tokenOf: (task) => `token-${task}`,
  };
}
