import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { findPython } from '../../../bin/local/find-python.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kalcifer-python-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

/** A program that answers as this Python would. */
async function python(answer: string, code = 0): Promise<string> {
  const path = join(folder, `python-${answer.replaceAll(' ', '-')}`);
  await writeFile(path, `#!/bin/sh\necho ${answer}\nexit ${code}\n`);
  await chmod(path, 0o755);
  return path;
}

const absent = '/nowhere/python3';

describe.skipIf(process.platform === 'win32')('finding a Python for MiniStack', () => {
  it('takes the first that is new enough and can make environments', async () => {
    const wanted = await python('3 12 True');
    const candidates = [absent, await python('3 9 True'), await python('3 11 False'), wanted];
    expect(findPython([...candidates, await python('3 13 True')])).toBe(wanted);
  });

  it('says what it found instead, and what to do', async () => {
    const old = await python('3 9 True');
    const bare = await python('3 11 False');
    const broken = await python('3 14 True', 1);
    const error: unknown = (() => {
      try {
        return findPython([absent, old, bare, broken]);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toMatchObject({ code: 'local.no_python' });
    expect((error as Error).message).toContain(
      `Found: ${old} is 3.9, ${bare} is 3.11 without its module venv.`,
    );
    expect((error as Error).message).toContain('apt install python3-venv');
  });

  it('says so when there is none at all', () => {
    expect(() => findPython([absent])).toThrow('No Python was found.');
  });
});
