/** The project's own TypeScript, as text: what tidiness is measured on. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file).replaceAll('\\', '/'))
      .toSorted()
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
  );
}

export interface Import {
  /** A path from the root for the project's own files, else the package or `node:` module. */
  readonly target: string;
  readonly isOwn: boolean;
}

export function importsOf({ path, text }: SourceFile): readonly Import[] {
  const specifiers = [...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)'/gms)].map(
    ([, specifier = '']) => specifier,
  );
  const dynamic = [...text.matchAll(/\bimport\('([^']+)'\)/g)].map(
    ([, specifier = '']) => specifier,
  );
  return [...specifiers, ...dynamic].map((specifier) =>
    specifier.startsWith('.')
      ? {
          target: relative(root, normalize(join(root, dirname(path), specifier))).replaceAll(
            '\\',
            '/',
          ),
          isOwn: true,
        }
      : { target: specifier, isOwn: false },
  );
}
