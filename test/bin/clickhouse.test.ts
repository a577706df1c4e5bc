import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli, runCliIn } from '../support/run-cli.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kalcifer-clickhouse-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('kalcifer clickhouse', () => {
  it('says how chdb is installed where it is missing, and leaves nothing behind', async () => {
    const { code, stdout, stderr } = await runCliIn(folder, 'clickhouse', '--port', '0');
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      'error This needs chdb, a ClickHouse of 550 MB, which is not installed. Run "kalcifer clickhouse --install", or "npm install chdb@3.4.0". [chdb.missing]\n',
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('shows its options, and no password', async () => {
    const { stdout } = await runCli('clickhouse', '--help');
    expect(stdout).toContain('--install');
    expect(stdout).toContain('KALCIFER_CLICKHOUSE_PASSWORD');
  });

  it.each(['-1', '70000', 'http'])('refuses port %s', async (port) => {
    const { code, stderr } = await runCliIn(folder, 'clickhouse', '--port', port);
    expect(code).toBe(1);
    expect(stderr).toContain('It must be a whole number from 0 to 65535.');
  });
});
