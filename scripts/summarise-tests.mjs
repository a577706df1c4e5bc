/**
 * Ends a run of `.ci/run`: reads what the tests recorded, counts each failed check as one failure, and prints the plain last line.
 * Arguments: the names of the checks that failed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The testing strategy promises more than this many distinct property inputs. */
const propertyInputsMin = 500;
const record = 'reports/run/tests.json';

const failedChecks = process.argv.slice(2);
if (!existsSync(record)) {
  console.log('No test was run: the record of the tests is missing.');
  console.log(`0 passed, ${Math.max(1, failedChecks.length)} failed, 0 skipped`);
  process.exit(1);
}

const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, success } = JSON.parse(
  readFileSync(record, 'utf8'),
);
const checks = failedChecks.filter((name) => name !== 'tests');
// Tests that passed while the command failed: the coverage gate, or a file that could not be loaded.
if (failedChecks.includes('tests') && numFailedTests === 0)
  checks.push('tests (coverage or loading)');

const inputs = countInputs('reports/run/scenarios');
if (inputs <= propertyInputsMin)
  checks.push(`property inputs (${inputs}, more than ${propertyInputsMin} wanted)`);
console.log(`${inputs} distinct property inputs`);
for (const name of checks) console.log(`FAILED: ${name}`);

const failed = numFailedTests + checks.length;
console.log(
  `${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`,
);
process.exit(failed > 0 || !success ? 1 : 0);

function countInputs(folder) {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder).filter((file) => file.endsWith('.tsv'));
  const lines = files.flatMap((file) => readFileSync(`${folder}/${file}`, 'utf8').split('\n'));
  return new Set(lines.filter((line) => line !== '')).size;
}
