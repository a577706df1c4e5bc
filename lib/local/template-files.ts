/** Reads message templates from a folder: `templates/<id>.liquid`. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseTemplateFile, type TemplateFile } from '../engine/sends/template-file.ts';

/** @throws KalciferError `template.front_matter` when a file begins with front matter that cannot be read */
export async function readTemplateFiles(folder: string): Promise<readonly TemplateFile[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.liquid')).toSorted();
  return Promise.all(
    files.map(async (file) =>
      parseTemplateFile(basename(file, '.liquid'), await readFile(join(folder, file), 'utf8')),
    ),
  );
}
