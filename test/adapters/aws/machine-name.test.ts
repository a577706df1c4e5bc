import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { machineName, machineTags } from '../../../lib/adapters/aws/machine-name.ts';

const machine = { tenant: 'T1', journey: 'welcome', version: 3 };

describe('machineName', () => {
  it('says stage, journey and version, and a hash', () => {
    expect(machineName('kalcifer-dev-', machine, '{}')).toBe(
      'kalcifer-dev-welcome-v3-b673543dcb90',
    );
  });

  it.each([
    ['Sommer Sale / 2026!', 'kalcifer-dev-Sommer-Sale-2026-v3-'],
    ['東京', 'kalcifer-dev-v3-'],
    ['--', 'kalcifer-dev-v3-'],
    ['snake_case', 'kalcifer-dev-snake_case-v3-'],
  ])('of the journey %j begins with %s', (journey, beginning) => {
    const name = machineName('kalcifer-dev-', { ...machine, journey }, '{}');
    expect(name.startsWith(beginning)).toBe(true);
    expect(name.slice(beginning.length)).toMatch(/^[0-9a-f]{12}$/);
  });

  it('for every machine: is one that Step Functions takes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.nat(),
        fc.string(),
        (journey, version, text) => {
          const name = machineName('kalcifer-production-', { tenant: 'T', journey, version }, text);
          expect(name).toMatch(/^kalcifer-production-[A-Za-z0-9_-]{1,60}$/);
        },
      ),
    );
  });

  it('is another one for every tenant, journey, version and definition', () => {
    const names = [
      machineName('k-', machine, '{}'),
      machineName('k-', { ...machine, tenant: 'T2' }, '{}'),
      machineName('k-', { ...machine, journey: 'wel come' }, '{}'),
      machineName('k-', { ...machine, journey: 'wel-come' }, '{}'),
      machineName('k-', { ...machine, version: 4 }, '{}'),
      machineName('k-', machine, '{ }'),
    ];
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('machineTags', () => {
  it('say whose it is', () => {
    expect(machineTags({ tenant: 'T1', journey: 'größe & "mehr"', version: 3 })).toEqual([
      { key: 'kalcifer:tenant', value: 'T1' },
      { key: 'kalcifer:journey', value: 'größe _ _mehr_' },
      { key: 'kalcifer:version', value: '3' },
    ]);
  });
});
