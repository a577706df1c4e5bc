import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ministackVersion } from '../../../bin/local/install-ministack.ts';

const lines = readFileSync('bin/local/ministack-requirements.txt', 'utf8').split('\n');
const packages = lines.filter((line) => /^[a-z]/i.test(line));

it('MiniStack and what it needs are each in one version', () => {
  expect(ministackVersion).toBe('1.5.33');
  expect(packages.length).toBeGreaterThan(15);
  expect(packages.filter((line) => !/^[\w.-]+==[\w.]+( ; [\w. <>='"]+)? \\$/.test(line))).toEqual(
    [],
  );
});

it('and each is held to the hashes of what was published', () => {
  const hashed = lines.filter(
    (line, at) => /^[a-z]/i.test(line) && /--hash=sha256:[0-9a-f]{64}/.test(lines[at + 1] ?? ''),
  );
  expect(hashed).toEqual(packages);
});
