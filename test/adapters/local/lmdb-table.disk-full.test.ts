/**
 * A disk that is really full, as far as the process can tell: the system refuses to let its files grow. Needs a Linux whose limits
 * can be changed from outside.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLmdbTable } from '../../../lib/adapters/local/lmdb-table.ts';

const writerFile = fileURLToPath(new URL('full-disk-writer.ts', import.meta.url));
const limitBlocks = 2_000;
let folder: string;
let writer: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kalcifer-full-'));
});

afterEach(() => {
  writer?.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

test.runIf(canChangeLimits())(
  'a process on a full disk fails its writes, lives on, and takes writes again when there is room',
  async () => {
    const limited = `trap '' XFSZ; ulimit -S -f ${limitBlocks}; exec "$0" "$@"`;
    const command = [process.execPath, '--import', 'tsx', writerFile, folder];
    writer = spawn('bash', ['-c', limited, ...command], { stdio: ['ignore', 'pipe', 'ignore'] });
    const outcomes: string[] = [];
    const lines = createInterface(writer.stdout as NodeJS.ReadableStream);
    lines.on('line', (line) => outcomes.push(line.split(' ')[1] ?? ''));
    const count = (outcome: string): number => outcomes.filter((each) => each === outcome).length;

    await expect.poll(() => count('table.unavailable'), { timeout: 30_000 }).toBeGreaterThan(10);
    const takenBefore = count('taken');
    expect(takenBefore).toBeGreaterThan(10);
    execFileSync('prlimit', ['--pid', String(writer.pid), '--fsize=unlimited:']);
    await expect.poll(() => count('taken'), { timeout: 30_000 }).toBeGreaterThan(takenBefore + 100);
    expect(outcomes.at(-1)).toBe('taken');

    const closed = once(lines, 'close');
    writer.kill('SIGKILL');
    await closed;
    const { table, close } = await createLmdbTable({ folder });
    for (const [n, outcome] of outcomes.entries()) {
      if (outcome !== 'taken') continue;
      expect(await table.get({ pk: `p${n}`, sk: 's' })).toMatchObject({ n, index: 'all' });
    }
    await close();
  },
  90_000,
);

function canChangeLimits(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    execFileSync('prlimit', ['--version']);
    return true;
  } catch {
    return false;
  }
}
