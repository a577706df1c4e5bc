/** Reads what a command is given as JSON: in the command line itself, or in a file that it names. */
import { readFile } from 'node:fs/promises';
import { isJsonObject, type JsonObject } from '../lib/json.ts';
import { KalciferError } from '../lib/kalcifer-error.ts';

/** @throws KalciferError `option.json`, `file.unreadable` */
export async function readObject(option: string, given: string): Promise<JsonObject> {
  const isText = given.trimStart().startsWith('{');
  const text = isText ? given : await readText(given, 'there is no such file');
  try {
    const parsed: unknown = JSON.parse(text);
    if (isJsonObject(parsed)) return parsed;
  } catch {
    // Told below, with everything else that is no object.
  }
  throw new KalciferError('option.json', `${option} is not a JSON object or a file with one.`);
}

/** @throws KalciferError `file.unreadable` */
export async function readText(file: string, whenAbsent: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? whenAbsent : `it cannot be read (${code ?? 'unknown'})`;
    throw new KalciferError('file.unreadable', `${file}: ${why}.`);
  }
}
