/** The journeys and templates that were bundled with the function: `journeys/<journey>/vN.journey.json`, `templates/<id>.liquid`. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseTemplateFile, type TemplateFile } from '../../lib/engine/sends/template-file.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';

/** @throws KalciferError `deployment.file_missing` when that version is not in the bundle */
export async function readBundledGraph(
  folder: string,
  { journey, version }: { readonly journey: string; readonly version: number },
): Promise<unknown> {
  const file = join('journeys', journey, `v${version}.journey.json`);
  const text = await readFile(join(folder, file), 'utf8').catch(() => undefined);
  if (text !== undefined && /^[\w.-]+$/.test(journey)) return JSON.parse(text) as unknown;
  throw new KalciferError(
    'deployment.file_missing',
    `Version ${version} of journey "${journey}" is deployed, but ${file} is not bundled with the function.`,
  );
}

/**
 * None when there is no such folder.
 *
 * @throws KalciferError `template.front_matter`
 */
export async function readBundledTemplates(folder: string): Promise<readonly TemplateFile[]> {
  const names = await readdir(join(folder, 'templates')).catch(() => []);
  return Promise.all(
    names
      .filter((name) => name.endsWith('.liquid'))
      .toSorted()
      .map(async (name) =>
        parseTemplateFile(
          basename(name, '.liquid'),
          await readFile(join(folder, 'templates', name), 'utf8'),
        ),
      ),
  );
}
