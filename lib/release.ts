/** The release number, from package.json, which lies above `lib` in the repository and above `dist` in the package. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where package.json, the sample journeys and their templates are. */
export const packageFolder = folderAbove(dirname(fileURLToPath(import.meta.url)));

export const release = (
  JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
).version;

function folderAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : folderAbove(dirname(folder));
}
