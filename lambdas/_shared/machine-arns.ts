/** Where state machines are: the ARN that publishing kept beside each version. A version never moves, so it is read once. */
import { readMachineArn } from '../../lib/engine/journeys/read-machine.ts';
import type { MachineRef } from '../../lib/ports/executions.ts';
import type { Table } from '../../lib/ports/table.ts';

const arnsMax = 1_000;

export function machineArns(table: Table): (machine: MachineRef) => Promise<string> {
  const arns = new Map<string, string>();
  return async (machine) => {
    const key = JSON.stringify([machine.tenant, machine.journey, machine.version]);
    const known = arns.get(key);
    if (known !== undefined) return known;
    const arn = await readMachineArn({ table }, machine);
    if (arns.size >= arnsMax) arns.clear();
    arns.set(key, arn);
    return arn;
  };
}
