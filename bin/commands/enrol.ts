/** `kalcifer enrol JOURNEY FILE`: enrols the customers of a file in a journey, in batches. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { batchItemsMax } from '../../lib/engine/enrolment/enrol-batch.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { apiClient, withApiOptions, type ApiClientOptions } from '../api-client.ts';

interface EnrolOptions extends ApiClientOptions {
  readonly run?: string;
}

export function addEnrolCommand(program: Command): void {
  withApiOptions(
    program
      .command('enrol')
      .description('Enrol the customers of a file in a journey; who is refused is told')
      .argument('<journey>', 'the journey')
      .argument('<file>', 'a customer id per line, or JSON: {"customer_id", "entry", "context"}')
      .option('--run <name>', 'a name; the command given again with it enrols nobody twice'),
  ).action(enrolFile);
}

async function enrolFile(journey: string, file: string, options: EnrolOptions): Promise<void> {
  const items = await readItems(file, options.run);
  const api = apiClient(options);
  const path = `/v1/journeys/${encodeURIComponent(journey)}/instances/batch`;
  let enrolled = 0;
  for (let from = 0; from < items.length; from += batchItemsMax) {
    const batch = items.slice(from, from + batchItemsMax);
    const { results } = await api.call('POST', path, { items: batch.map(({ item }) => item) });
    for (const [at, result] of (results as unknown as readonly Result[]).entries()) {
      if (result.error === undefined) enrolled += 1;
      else process.stdout.write(`line ${batch[at]?.line ?? 0}: ${result.error.message}\n`);
    }
  }
  process.stdout.write(`${enrolled} enrolled, ${items.length - enrolled} refused\n`);
}

interface Result {
  readonly error?: { readonly code: string; readonly message: string };
}

interface Line {
  readonly line: number;
  readonly item: JsonObject;
}

/** Empty lines are passed over. */
async function readItems(file: string, run: string | undefined): Promise<readonly Line[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new KalciferError('file.unreadable', `${file} cannot be read.`);
  });
  return text.split(/\r?\n/).flatMap((written, at): Line[] => {
    const line = at + 1;
    if (written.trim() === '') return [];
    const item = itemOf(written.trim(), `${file}:${line}`);
    return [{ line, item: run === undefined ? item : { id: `${run}:${line}`, ...item } }];
  });
}

function itemOf(written: string, place: string): JsonObject {
  if (!written.startsWith('{')) return { customer_id: written };
  try {
    const item: unknown = JSON.parse(written);
    if (isJsonObject(item)) return item;
  } catch {
    // Told below, with the place.
  }
  throw new KalciferError('file.malformed', `${place} is neither a customer id nor a JSON object.`);
}
