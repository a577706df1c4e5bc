/** Definitions prepared to run, by machine; the ones used last stay in memory. */
import type { JsonObject } from '../../json.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import type { MachineRef } from '../../ports/executions.ts';
import { checkStateMachine } from '../asl/check/check-state-machine.ts';
import type { Machine } from '../asl/machine.ts';
import { compileMachine } from '../asl/machine.ts';

export interface PreparedMachine {
  readonly machine: Machine;
  /** True when a path of the definition, or its own timeout, can ask when something happened. */
  readonly keepsTimes: boolean;
}

export interface Machines {
  /** Rejects as `definitionOf` does, and with `asl.invalid` for a definition that cannot run; neither is remembered. */
  prepared(ref: MachineRef): Promise<PreparedMachine>;
}

export function createMachines(
  definitionOf: (ref: MachineRef) => Promise<JsonObject>,
  kept: number,
): Machines {
  const machines = new Map<string, Promise<PreparedMachine>>();
  return {
    prepared: (ref) => {
      const key = JSON.stringify([ref.tenant, ref.journey, ref.version]);
      const known = machines.get(key);
      machines.delete(key);
      const prepared = known ?? prepare(ref, definitionOf);
      machines.set(key, prepared);
      if (known === undefined) {
        prepared.catch(() => machines.delete(key));
        for (const oldest of machines.keys()) {
          if (machines.size <= kept) break;
          machines.delete(oldest);
        }
      }
      return prepared;
    },
  };
}

async function prepare(
  ref: MachineRef,
  definitionOf: (ref: MachineRef) => Promise<JsonObject>,
): Promise<PreparedMachine> {
  const definition = await definitionOf(ref);
  const problems = checkStateMachine(definition);
  if (problems.length > 0) {
    throw new KalciferError(
      'asl.invalid',
      `The state machine of journey ${ref.journey}, version ${ref.version}, cannot run.`,
      { problems },
    );
  }
  return { machine: compileMachine(definition), keepsTimes: asksForTimes(definition) };
}

/** Nearly every machine asks the context object for its token only. */
function asksForTimes(definition: JsonObject): boolean {
  if (definition['TimeoutSeconds'] !== undefined) return true;
  return /\$\$(?!\.(?:Task\.Token|Execution\.(?:Id|Input|Name)|State\.(?:Name|RetryCount))\b)/.test(
    JSON.stringify(definition),
  );
}
