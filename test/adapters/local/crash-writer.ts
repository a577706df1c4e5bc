/**
 * A process of its own that writes groups to an LMDB table as fast as it can, and tells each one that was acknowledged. Not a test:
 * the crash test starts it, and kills it.
 */
import { createLmdbTable } from '../../../lib/adapters/local/lmdb-table.ts';
import { counterKey, groupOf, lanes } from './crash-groups.ts';

const [folder = ''] = process.argv.slice(2);
// Restless enough that many kills come while the log is being moved.
const { table } = await createLmdbTable({ folder, pace: { logBytes: 60_000, delayMs: 10 } });
for (let lane = 0; lane < lanes; lane += 1) void writeForEver(lane);

async function writeForEver(lane: number): Promise<void> {
  const counter = await table.get(counterKey(lane));
  for (let n = (counter?.revision ?? 0) + 1; ; n += 1) {
    const answer = await table.write({ name: 'crash.write', writes: groupOf(lane, n) });
    if (!answer.done) throw new Error(`group ${n} of lane ${lane} was refused`);
    process.stdout.write(`${lane} ${n}\n`);
  }
}
