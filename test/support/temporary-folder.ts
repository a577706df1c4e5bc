/**
 * Everything that a run of the tests puts aside for a while, its own files, those of the CDK, and those of the programs that it
 * starts, is in one folder, which is gone when the run is over.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder = '';

export function setup(): void {
  folder = mkdtempSync(join(tmpdir(), 'kalcifer-tests-'));
  process.env.TMPDIR = folder;
}

export function teardown(): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
