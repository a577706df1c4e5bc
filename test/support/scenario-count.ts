/**
 * Counts the distinct inputs that properties were tried with, over all test files and worker processes: each process appends to
 * its own file, and a reader adds them up. The testing strategy promises more than 500 in a run.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Where the files are: `KALCIFER_SCENARIOS`, or a folder that git ignores. */
export function scenarioFolder(): string {
  return process.env['KALCIFER_SCENARIOS'] ?? join('reports', 'run', 'scenarios');
}

const known = new Set<string>();

/** Notes that the property was tried with this input; the same input counts once. */
export function countScenario(property: string, input: unknown): void {
  const digest = createHash('sha256').update(canonicalJson(input)).digest('hex').slice(0, 24);
  const folder = scenarioFolder();
  const line = `${property}\t${digest}\n`;
  if (known.has(folder + line)) return;
  known.add(folder + line);
  mkdirSync(folder, { recursive: true });
  appendFileSync(join(folder, `${process.pid}.tsv`), line);
}

export interface ScenarioTotals {
  readonly total: number;
  readonly byProperty: ReadonlyMap<string, number>;
}

/** Adds up what all processes noted. */
export function readScenarios(folder: string = scenarioFolder()): ScenarioTotals {
  const lines = new Set(
    listFiles(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n')),
  );
  lines.delete('');
  const byProperty = new Map<string, number>();
  for (const line of lines) {
    const [property = ''] = line.split('\t');
    byProperty.set(property, (byProperty.get(property) ?? 0) + 1);
  }
  return { total: lines.size, byProperty };
}

/** Forgets earlier runs. */
export function clearScenarios(folder: string = scenarioFolder()): void {
  for (const file of listFiles(folder)) rmSync(join(folder, file));
  known.clear();
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((file) => file.endsWith('.tsv'));
  } catch {
    return [];
  }
}

/** The same text for the same value, whatever the order of its keys. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
