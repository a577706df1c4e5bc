/**
 * Installs the dependencies from the lock file when they are missing or when the lock file has changed since, so that `npm start`
 * and `npm test` work in a fresh clone. Needs nothing but Node.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const lock = 'package-lock.json';
const stamp = 'node_modules/.kalcifer-installed';

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) {
  console.error(`Kalcifer needs Node 20 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

const wanted = createHash('sha256').update(readFileSync(lock)).digest('hex');
const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
if (installed !== wanted) {
  console.log('Installing dependencies from package-lock.json (once) ...');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    console.error('npm ci failed; nothing was started. See the lines above.');
    process.exit(npm.status ?? 1);
  }
  writeFileSync(stamp, wanted);
}
