import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { processExists } from '../../../lib/local/process-exists.ts';

const stepFile = fileURLToPath(new URL('../../../bin/terminal/step.ts', import.meta.url));

/** A step in what it takes for a terminal, which has started a program: its process number comes first. */
const program = `
  import { spawn } from 'node:child_process';
  import { once } from 'node:events';
  import { step } from ${JSON.stringify(stepFile)};
  process.stdout.isTTY = true;
  await step('Working', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    process.stdout.write('started ' + child.pid + '\\n');
    await once(child, 'exit');
    await new Promise(() => setInterval(() => {}, 1000));
  });
`;

/** In a process group of its own, as a shell starts what is typed. */
function start(): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', program],
    { detached: true, env: { ...process.env, CI: '' }, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  onTestFinished(() => {
    const group = -(child.pid ?? 0);
    if (processExists(group)) process.kill(group, 'SIGKILL');
  });
  return child;
}

async function startedBy(child: ChildProcess): Promise<number> {
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await vi.waitFor(() => expect(said).toMatch(/started \d+\n/), { timeout: 20_000 });
  return Number(/started (\d+)/.exec(said)?.[1]);
}

it.skipIf(process.platform === 'win32').each([
  ['Ctrl-C on the keyboard', (child: ChildProcess) => child.stdin?.write('\u0003')],
  ['a signal', (child: ChildProcess) => child.kill('SIGTERM')],
])(
  'a step that is interrupted by %s ends with what it started, and is no success',
  async (_, interrupt) => {
    const child = start();
    const started = await startedBy(child);
    const ended = once(child, 'exit');
    interrupt(child);
    expect(await ended).toEqual([null, 'SIGINT']);
    await vi.waitFor(() => expect(processExists(started)).toBe(false), { timeout: 20_000 });
  },
);
