/** The executor over the table of the embedded runtime: executions survive the process in a folder. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createLmdbTable } from '../../../lib/adapters/local/lmdb-table.ts';
import type { Executor } from '../../../lib/local/executor/executor.ts';
import type { Computer } from './computer.ts';
import { createComputer } from './computer.ts';
import { definitions } from './set-up.ts';
import { startOf } from './small-machines.ts';

const home = mkdtempSync(join(tmpdir(), 'kalcifer-executor-'));
afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

async function untilQuiet(executor: Executor, computer: Computer): Promise<void> {
  for (;;) {
    await computer.settle();
    const { functionsRunning, functionsWaiting, unstored, sweeping } = executor.activity();
    if (functionsRunning + functionsWaiting + unstored === 0 && !sweeping) return;
  }
}

it('parked and running executions go on from a folder that was closed and opened again', async () => {
  const first = await createLmdbTable({ folder: home });
  const before = createComputer({ definitions, table: first.table });
  const executor = before.boot();
  await executor.executions.start(startOf('ask', 'parked', { id: 'ada' }));
  await untilQuiet(executor, before);
  const [{ token = '' } = {}] = before.invoked;
  await executor.close();
  // Its functions never begin: the execution is left in the middle of its first step.
  const halted = before.boot({ gate: { run: () => undefined } });
  await halted.executions.start(startOf('greet', 'running'));
  await first.close();

  const second = await createLmdbTable({ folder: home });
  const after = createComputer({ definitions, table: second.table });
  const resumed = after.boot();
  expect(await resumed.recover()).toEqual({ resumed: 1 });
  expect(await resumed.executions.succeed({ token, output: 'yes' })).toBe('accepted');
  await untilQuiet(resumed, after);
  expect(after.invoked.map(({ execution, state }) => `${execution} ${state}`).sort()).toEqual([
    'parked Tell',
    'running Bye',
    'running Greet',
  ]);
  const left = await second.table.query({ pk: 'timers', limit: 10 });
  expect(left.items).toEqual([]);
  expect(await second.table.get({ pk: 'acme#x#parked', sk: 'x' })).toBeUndefined();
  expect(await second.table.get({ pk: 'acme#x#running', sk: 'x' })).toBeUndefined();
  await resumed.close();
  await second.close();
});
