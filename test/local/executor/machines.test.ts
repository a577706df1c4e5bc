/** Definitions that stay prepared in memory: how many, which, and what is asked of a definition. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../lib/json.ts';
import type { Machines } from '../../../lib/local/executor/machines.ts';
import { createMachines } from '../../../lib/local/executor/machines.ts';
import type { MachineRef } from '../../../lib/ports/executions.ts';
import { chainOf, machineOf } from './small-machines.ts';

const pass = chainOf({ P: { Type: 'Pass', End: true } });

function machinesOf(definition: JsonObject, kept = 2): { machines: Machines; asked: string[] } {
  const asked: string[] = [];
  const machines = createMachines(({ tenant, journey, version }) => {
    asked.push(`${tenant} ${journey} ${version}`);
    return Promise.resolve(definition);
  }, kept);
  return { machines, asked };
}

describe('prepared machines', () => {
  it('are asked for once, also by several at the same time', async () => {
    const { machines, asked } = machinesOf(pass);
    const [one, other] = await Promise.all([
      machines.prepared(machineOf('a')),
      machines.prepared(machineOf('a')),
    ]);
    expect(one).toBe(other);
    expect(await machines.prepared(machineOf('a'))).toBe(one);
    expect(asked).toEqual(['acme a 1']);
  });

  it('are told apart by tenant, journey and version', async () => {
    const { machines, asked } = machinesOf(pass, 10);
    const refs: MachineRef[] = [
      machineOf('a'),
      { ...machineOf('a'), version: 2 },
      machineOf('a', 'globex'),
      machineOf('b'),
    ];
    for (const ref of refs) await machines.prepared(ref);
    expect(asked).toEqual(['acme a 1', 'acme a 2', 'globex a 1', 'acme b 1']);
  });

  it('make room for new ones; the one used longest ago goes first', async () => {
    const { machines, asked } = machinesOf(pass, 2);
    for (const journey of ['a', 'b', 'a', 'c', 'a', 'b']) {
      await machines.prepared(machineOf(journey));
    }
    expect(asked).toEqual(['acme a 1', 'acme b 1', 'acme c 1', 'acme b 1']);
  });

  it('are asked for again after a failure', async () => {
    let failures = 0;
    const machines = createMachines(() => {
      failures += 1;
      return failures === 1 ? Promise.reject(new Error('not now')) : Promise.resolve(pass);
    }, 2);
    await expect(machines.prepared(machineOf('a'))).rejects.toThrow('not now');
    expect(await machines.prepared(machineOf('a'))).toMatchObject({ keepsTimes: false });
  });

  it('refuse a definition that cannot run, naming journey and version', async () => {
    const { machines } = machinesOf({ ...pass, Version: '2.0' });
    await expect(machines.prepared(machineOf('welcome'))).rejects.toMatchObject({
      code: 'asl.invalid',
      message: 'The state machine of journey welcome, version 1, cannot run.',
      problems: [{ code: 'asl.schema', path: 'Version' }],
    });
  });
});

describe('keepsTimes', () => {
  const asking = (path: string): JsonObject =>
    chainOf({ P: { Type: 'Pass', Parameters: { 'value.$': path }, End: true } });

  it.each([
    '$$',
    '$$.Execution',
    '$$.Execution.StartTime',
    '$$.State.EnteredTime',
    '$$.State',
    "$$['Execution']['StartTime']",
    '$$..StartTime',
  ])('holds for a machine that reads %s', async (path) => {
    const { machines } = machinesOf(asking(path));
    expect(await machines.prepared(machineOf('a'))).toMatchObject({ keepsTimes: true });
  });

  it.each(['$.time', '$$.Execution.Name', '$$.Execution.Input.a', '$$.State.Name'])(
    'does not hold for a machine that reads %s',
    async (path) => {
      const { machines } = machinesOf(asking(path));
      expect(await machines.prepared(machineOf('a'))).toMatchObject({ keepsTimes: false });
    },
  );

  it('holds for a machine with a timeout of its own', async () => {
    const { machines } = machinesOf({ ...pass, TimeoutSeconds: 60 });
    expect(await machines.prepared(machineOf('a'))).toMatchObject({ keepsTimes: true });
  });
});
