/**
 * Guarantee 11 against the hardest death of a process: whatever was acknowledged before a SIGKILL is there afterwards, completely,
 * and of what was not acknowledged there is all of a group or nothing.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLmdbTable } from '../../../lib/adapters/local/lmdb-table.ts';
import type { Item, Table } from '../../../lib/ports/table.ts';
import { counterKey, itemsAfter, lanes } from './crash-groups.ts';

const kills = 20;
const seed = 20_260_101;
const longestLifeMs = 300;
const writerFile = fileURLToPath(new URL('crash-writer.ts', import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kalcifer-crash-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test(`a process killed at ${kills} random instants (seed ${seed}) loses nothing it acknowledged and leaves no half group`, async () => {
  const chance = seededChance(seed);
  let groups = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const acknowledged = await writeAndDie(chance() * longestLifeMs);
    const { table, close } = await createLmdbTable({ folder });
    const counted = await Promise.all(acknowledged.map((n, lane) => checkLane(table, lane, n)));
    await checkIndex(table, counted);
    await close();
    groups = counted.reduce((sum, n) => sum + n, 0);
  }
  // The writers did get somewhere between their deaths.
  expect(groups).toBeGreaterThan(kills * lanes);
});

/** Answers the last acknowledged group of each lane. */
async function writeAndDie(lifeMs: number): Promise<number[]> {
  const acknowledged = Array.from({ length: lanes }, () => 0);
  const child = spawn(process.execPath, ['--import', 'tsx', writerFile, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    const [lane = 0, n = 0] = line.split(' ').map(Number);
    acknowledged[lane] = n;
  });
  const closed = once(lines, 'close');
  await once(lines, 'line');
  await delay(lifeMs);
  child.kill('SIGKILL');
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  await closed;
  return acknowledged;
}

/** Answers the last group that happened. */
async function checkLane(table: Table, lane: number, acknowledged: number): Promise<number> {
  const last = (await table.get(counterKey(lane)))?.revision ?? 0;
  expect(last).toBeGreaterThanOrEqual(acknowledged);
  for (const item of itemsAfter(lane, last)) {
    expect(await table.get({ pk: item.pk, sk: item.sk })).toEqual(item);
  }
  const shared = await table.query({ pk: 'shared', prefix: `${lane}#`, limit: 1_000 });
  expect(shared.items).toEqual(itemsAfter(lane, last).filter(({ pk }) => pk === 'shared'));
  const next = String(last + 1).padStart(7, '0');
  expect(await table.get({ pk: `own#${lane}#${next}`, sk: 'i' })).toBeUndefined();
  expect(await table.get({ pk: `event#${lane}#${next}`, sk: 'e' })).toBeUndefined();
  return last;
}

/** Every item with an index value is found by it, and nothing else is. */
async function checkIndex(table: Table, counted: readonly number[]): Promise<void> {
  const all = counted.flatMap((n, lane) => itemsAfter(lane, n));
  for (const index of ['own', 'lane#0', 'lane#1']) {
    const expected = all.filter((item) => item.index === index);
    const { items } = await table.queryIndex({ index, limit: 1_000 });
    expect(items).toEqual(expected.sort(byKey));
  }
}

function byKey(a: Item, b: Item): number {
  return a.pk < b.pk ? -1 : 1;
}

/** The generator of Park and Miller: the same instants in every run. */
function seededChance(start: number): () => number {
  let state = start;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
