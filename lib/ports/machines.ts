/** Machines: where state machines are made while the engine runs, for versions that come in by the API. Only AWS has them. */
import type { JsonObject } from '../json.ts';
import type { MachineRef } from './executions.ts';

/** Errors: `executions.unavailable` when the call may be tried again (throttled, no answer). */
export interface Machines {
  /**
   * Makes the state machine of a version that is about to be published, and answers its ARN. Its name follows from what it is
   * (the version and its definition), so asking again changes nothing and answers the same ARN, and another definition for the same version gets
   * another machine. Once answered, it can be started.
   */
  create(request: {
    readonly machine: MachineRef;
    readonly definition: JsonObject;
  }): Promise<string>;
}
