/**
 * A process of its own that writes one item after the other, large ones, and tells what became of each. Not a test: the disk-full
 * test starts it under a limit for the size of files, and lifts the limit later.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createLmdbTable } from '../../../lib/adapters/local/lmdb-table.ts';

const [folder = ''] = process.argv.slice(2);
const { table } = await createLmdbTable({ folder, pace: { logBytes: 100_000, delayMs: 20 } });
for (let n = 0; ; n += 1) {
  const item = { pk: `p${n}`, sk: 's', index: 'all', n, text: 'x'.repeat(20_000) };
  const outcome = await table.write({ name: 'disk.write', writes: [{ put: item }] }).then(
    () => 'taken',
    (error: unknown) => (error as { code: string }).code,
  );
  process.stdout.write(`${n} ${outcome}\n`);
  if (outcome !== 'taken') await delay(20);
}
