/**
 * `npm run load:compare -- COMMIT [SIZE]`: this tree against an earlier one, taking turns in one run, because a machine is never as
 * fast as it was yesterday. Prints what the medians are to each other.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { percentile } from './percentile.ts';
import { shuffled } from './shuffled.ts';
import { buildWorker, startWorker } from './worker-process.ts';

const turns = 5;
const concurrency = 512;
const [commit, sizeText = '10000'] = process.argv.slice(2);
const size = Number(sizeText);
if (commit === undefined || !Number.isInteger(size) || size < 1) {
  console.error('usage: npm run load:compare -- COMMIT [NUMBER_OF_INSTANCES]');
  process.exit(2);
}

interface Speed {
  readonly starts: number;
  readonly events: number;
}

const data = join('load', 'data');
await mkdir(data, { recursive: true });
const earlier = await mkdtemp(join(data, 'earlier-'));
try {
  execFileSync('git', ['worktree', 'add', '--force', '--detach', earlier, commit], {
    stdio: 'ignore',
  });
  await symlink(resolve('node_modules'), join(earlier, 'node_modules'));
  const settings = join(earlier, 'load/tsconfig.json');
  if (!existsSync(settings)) await cp('load/tsconfig.json', settings);
  await compare(buildWorker(resolve(earlier)), buildWorker(resolve('.')));
} finally {
  execFileSync('git', ['worktree', 'remove', '--force', earlier], { stdio: 'ignore' });
}

async function compare(before: string, after: string): Promise<void> {
  const speeds: { before: Speed[]; after: Speed[] } = { before: [], after: [] };
  for (let turn = 1; turn <= turns; turn++) {
    speeds.before.push(await measure(before));
    speeds.after.push(await measure(after));
    console.log(`turn ${turn} of ${turns} done`);
  }
  for (const what of ['starts', 'events'] as const) {
    const [was, is] = [speeds.before, speeds.after].map((side) =>
      percentile(
        side.map((speed) => speed[what]),
        50,
      ),
    ) as [number, number];
    console.log(
      `${what}: ${Math.round(was)}/s at ${commit ?? ''}, ${Math.round(is)}/s here: ${(is / was).toFixed(2)} times`,
    );
  }
}

async function measure(script: string): Promise<Speed> {
  const folder = await mkdtemp(join(data, 'run-'));
  try {
    const worker = await startWorker(script, folder);
    const customers = shuffled(size);
    await worker.tell({ do: 'customers', count: size });
    const starts = await worker.tell({ do: 'start', customers, concurrency });
    const events = await worker.tell({ do: 'dispatch', customers, concurrency });
    await worker.kill();
    return { starts: starts.perSecond ?? 0, events: events.perSecond ?? 0 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
