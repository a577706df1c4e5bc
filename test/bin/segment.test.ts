import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCli } from '../support/run-cli.ts';

const rule = '{ "field": "customer.properties.spent", "op": "gte", "value": 100 }';

describe('kalcifer segment', () => {
  it.each([
    [120, 'in the segment: customer.properties.spent is 120, at least 100\n'],
    [80, 'not in the segment: customer.properties.spent is 80, not at least 100\n'],
  ])('says of a profile that has spent %i whether it is in, and why', async (spent, told) => {
    const profile = JSON.stringify({ properties: { spent } });
    expect(await runCli('segment', rule, '--customer', profile)).toMatchObject({
      code: 0,
      stdout: told,
    });
  });

  it('checks a rule in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kalcifer-segment-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'vip.json'), rule);
    expect(await runCli('segment', join(folder, 'vip.json'))).toMatchObject({
      code: 0,
      stdout: 'ok the rule can be used\n',
    });
  });

  it('tells every problem of a rule', async () => {
    const wrong =
      '{ "any": [{ "field": "event.total" }, { "field": "customer.name", "op": "like" }] }';
    expect(await runCli('segment', wrong)).toMatchObject({
      code: 1,
      stderr: [
        'error rule.any[0].field must begin with customer. (it is "event.total")',
        'error rule.any[0].value is required',
        'error rule.any[1].op must be one of eq, neq, gt, gte, lt, lte, contains, in, not_in, exists',
        '',
      ].join('\n'),
    });
  });

  it.each([['nowhere.json'], ['{"broken']])('refuses %s in one sentence', async (given) => {
    const { code, stderr } = await runCli('segment', given);
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
