/** Damaged data files are noticed before LMDB opens them. Each case starts from a real file. */
import {
  copyFileSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLmdbTable } from '../../lib/adapters/local/lmdb-table.ts';
import { damageOf } from '../../lib/local/data-file.ts';
import type { Write } from '../../lib/ports/table.ts';

const pageBytes = 4_096;
let home: string;
let sound: string;
let file: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'kalcifer-file-'));
  sound = await fileWith('sound', 2_000, 0);
});

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

beforeEach(() => {
  file = join(home, 'data.mdb');
  copyFileSync(sound, file);
});

/** A data file in which so many items were written, and afterwards so many of them deleted again. */
async function fileWith(name: string, puts: number, deletes: number): Promise<string> {
  const folder = join(home, name);
  await writeAll(folder, puts, (n) => ({ put: { pk: `p${n}`, sk: 's', text: 'x'.repeat(500) } }));
  await writeAll(folder, deletes, (n) => ({ delete: { pk: `p${n}`, sk: 's' } }));
  return join(folder, 'data.mdb');
}

/** Everything reaches the file at once, when the table is closed: the same pages in every run. */
async function writeAll(
  folder: string,
  count: number,
  writeOf: (n: number) => Write,
): Promise<void> {
  const pace = { logBytes: 2 ** 30, delayMs: 2 ** 30 };
  const { table, close } = await createLmdbTable({ folder, pace });
  for (let from = 0; from < count; from += 100) {
    const writes = Array.from({ length: 100 }, (_, n) => writeOf(from + n));
    await table.write({ name: 'test.write', writes });
  }
  await close();
}

function overwrite(position: number, bytes: Buffer): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, bytes.length, position);
  closeSync(handle);
}

describe('a sound file', () => {
  test('has nothing wrong', () => {
    expect(damageOf(file)).toBeUndefined();
  });

  test('may be new', async () => {
    expect(damageOf(await fileWith('new', 0, 0))).toBeUndefined();
  });

  test('may lack free pages at its end', async () => {
    const emptied = await fileWith('emptied', 2_000, 1_900);
    // The newest pages are at the end; two more transactions bring them to free places further up.
    for (const pk of ['first', 'second']) {
      await writeAll(join(home, 'emptied'), 100, (n) => ({ put: { pk, sk: `${n}` } }));
    }
    const before = statSync(emptied).size / pageBytes;
    let pages = before;
    while (damageOf(emptied) === undefined && pages > 0) {
      copyFileSync(emptied, file);
      pages -= 1;
      truncateSync(emptied, pages * pageBytes);
    }
    // At least one page could be missing before one was that is needed.
    expect(before - pages).toBeGreaterThan(1);
    expect(damageOf(emptied)).toMatch(/^was cut off/);
    copyFileSync(file, emptied);
    const { table, close } = await createLmdbTable({ folder: join(home, 'emptied') });
    for (let n = 1_900; n < 2_000; n += 1) {
      expect(await table.get({ pk: `p${n}`, sk: 's' })).toMatchObject({ pk: `p${n}` });
    }
    await close();
  });
});

describe('a damaged file', () => {
  test('is empty', () => {
    truncateSync(file, 0);
    expect(damageOf(file)).toBe('is empty');
  });

  test('is something else', () => {
    writeFileSync(file, 'id,name\n1,Ada\n'.repeat(1_000));
    expect(damageOf(file)).toBe('is not a data file of this Kalcifer: its head is missing');
  });

  test('is shorter than a head', () => {
    truncateSync(file, 100);
    expect(damageOf(file)).toBe('is not a data file of this Kalcifer: its head is missing');
  });

  test('has one page only', () => {
    truncateSync(file, pageBytes);
    expect(damageOf(file)).toBe('is damaged: its second head is missing');
  });

  test('was cut in half', () => {
    const { size } = statSync(file);
    truncateSync(file, size / 2);
    expect(damageOf(file)).toBe(`was cut off: it has ${size / 2} bytes of ${size}`);
  });

  test('lost its first page', () => {
    overwrite(0, Buffer.alloc(pageBytes));
    expect(damageOf(file)).toBe('is not a data file of this Kalcifer: its head is missing');
  });

  test('lost its second page', () => {
    overwrite(pageBytes, Buffer.alloc(pageBytes));
    expect(damageOf(file)).toBe('is damaged: its second head is missing');
  });

  test('was written by another LMDB', () => {
    overwrite(24 + 4, Buffer.of(1));
    expect(damageOf(file)).toBe('is not a data file of this Kalcifer: its head is missing');
  });

  test('has zeros instead of data', () => {
    overwrite(2 * pageBytes, Buffer.alloc(statSync(file).size - 2 * pageBytes));
    expect(damageOf(file)).toMatch(/^is damaged: page \d+ is not what it should be$/);
  });

  test('has noise instead of data', () => {
    const noise = Buffer.alloc(statSync(file).size - 2 * pageBytes);
    for (let at = 0; at < noise.length; at += 1) noise[at] = (at * 2_654_435_761) >>> 24;
    overwrite(2 * pageBytes, noise);
    expect(damageOf(file)).toMatch(/^is damaged: /);
  });

  test('has its pages in another order', () => {
    const bytes = readFileSync(file);
    const data = bytes.subarray(2 * pageBytes);
    overwrite(
      2 * pageBytes,
      Buffer.concat([data.subarray(pageBytes), data.subarray(0, pageBytes)]),
    );
    expect(damageOf(file)).toMatch(/^is damaged: page \d+ is not what it should be$/);
  });

  test('has a page that speaks of places outside', () => {
    // The second half of every page header and the beginning of what follows.
    const { size } = statSync(file);
    for (let page = 2; page < size / pageBytes; page += 1) {
      overwrite(page * pageBytes + 24, Buffer.alloc(40, 0xff));
    }
    expect(damageOf(file)).toMatch(/^is damaged: /);
  });
});
