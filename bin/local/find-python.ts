/** Finds a Python that MiniStack runs on: 3.10 or newer, able to make environments of its own. */
import { spawnSync } from 'node:child_process';
import { KalciferError } from '../../lib/kalcifer-error.ts';

const names = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const [majorMin, minorMin] = [3, 10];

/** Answers `3 11 True` where environments can be made. */
const question =
  'import sys, importlib.util as u; print(*sys.version_info[:2], all(map(u.find_spec, ("venv", "ensurepip"))))';

/**
 * @param pythons commands to try, best first
 * @throws KalciferError `local.no_python` saying what was found instead, and what to do
 */
export function findPython(pythons: readonly string[] = names): string {
  const found: string[] = [];
  for (const python of pythons) {
    const answer = spawnSync(python, ['-c', question], { encoding: 'utf8' });
    if (answer.status !== 0) continue;
    const [major = '', minor = '', canMakeEnvironments] = answer.stdout.trim().split(' ');
    const isNew = Number(major) === majorMin && Number(minor) >= minorMin;
    if (isNew && canMakeEnvironments === 'True') return python;
    found.push(`${python} is ${major}.${minor}${isNew ? ' without its module venv' : ''}`);
  }
  throw new KalciferError(
    'local.no_python',
    [
      'Where no Docker engine answers, the local loop runs on MiniStack, which needs Python 3.10 or newer with its module venv.',
      found.length === 0 ? 'No Python was found.' : `Found: ${found.join(', ')}.`,
      'Install one (Debian, Ubuntu: apt install python3-venv; macOS: brew install python; Windows: winget install Python.Python.3.12), or start Docker, and call it again.',
    ].join(' '),
  );
}
