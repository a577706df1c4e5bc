/**
 * Ends a run of `.ci/run`: reads what the tests recorded, counts each failed check as one failure, and prints the plain last line.
 * Arguments: the names of the checks that failed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The testing strategy promises more than this many distinct property inputs. */
const propertyInputsMin = 500;
/** What each command recorded, by the name of its step in `.ci/run`. */
const records = { tests: 'reports/run/tests.json', e2e: 'reports/run/e2e.json' };

const failedChecks = process.argv.slice(2);
const checks = failedChecks.filter((name) => !(name in records));
const counts = { passed: 0, failed: 0, skipped: 0 };
for (const [name, file] of Object.entries(records)) {
  if (!existsSync(file)) {
    checks.push(`${name}: no test was run, their record is missing`);
    continue;
  }
  const record = JSON.parse(readFileSync(file, 'utf8'));
  counts.passed += record.numPassedTests;
  counts.failed += record.numFailedTests;
  counts.skipped += record.numPendingTests + record.numTodoTests;
  // Tests that passed while the command failed: the coverage gate, a file that could not be loaded, a deployment that failed.
  if (record.numFailedTests === 0 && (failedChecks.includes(name) || !record.success)) {
    checks.push(`${name} (something besides the tests themselves)`);
  }
}

const inputs = countInputs('reports/run/scenarios');
if (inputs <= propertyInputsMin)
  checks.push(`property inputs (${inputs}, more than ${propertyInputsMin} wanted)`);
console.log(`${inputs} distinct property inputs`);
for (const name of checks) console.log(`FAILED: ${name}`);

const failed = counts.failed + checks.length;
console.log(`${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);

function countInputs(folder) {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder).filter((file) => file.endsWith('.tsv'));
  const lines = files.flatMap((file) => readFileSync(`${folder}/${file}`, 'utf8').split('\n'));
  return new Set(lines.filter((line) => line !== '')).size;
}
