/** Before all tests: forgets the property inputs of earlier runs. After all: says how many distinct ones were tried. */
import { clearScenarios, readScenarios } from './scenario-count.ts';

export function setup(): void {
  clearScenarios();
}

export function teardown(): void {
  const { total, byProperty } = readScenarios();
  if (total === 0) return;
  console.log('\nDistinct property inputs');
  for (const [property, count] of [...byProperty].toSorted()) {
    console.log(`  ${String(count).padStart(6)}  ${property}`);
  }
  console.log(`  ${String(total).padStart(6)}  in all`);
}
