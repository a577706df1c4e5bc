/** Installs chdb, the ClickHouse in a library, into `.kalcifer/chdb` when it is missing: 550 MB, once. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const program = ['--import', 'tsx', 'bin/kalcifer.ts', 'clickhouse', '--install-only'];
const { status } = spawnSync(process.execPath, program, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
