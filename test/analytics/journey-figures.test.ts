import { describe, expect, it } from 'vitest';
import type { Clickhouse } from '../../lib/analytics/clickhouse.ts';
import { funnel } from '../../lib/analytics/funnel.ts';
import {
  conversionFigures,
  instanceFigures,
  messageFigures,
  nodeFigures,
} from '../../lib/analytics/journey-figures.ts';
import type { Scope } from '../../lib/analytics/scope.ts';
import { engineError } from '../../lib/local/clickhouse/clickhouse-engine.ts';
import { fakeClickhouse } from '../support/fake-clickhouse.ts';

type Figure = (clickhouse: Clickhouse, scope: Scope) => Promise<unknown>;

const figures: readonly (readonly [string, Figure])[] = [
  ['instanceFigures', instanceFigures],
  ['nodeFigures', nodeFigures],
  ['messageFigures', messageFigures],
  ['conversionFigures', conversionFigures],
  ['funnel', (clickhouse, scope) => funnel(clickhouse, scope, ["it's a node"])],
];

const scope = { tenant: "it's' OR 1=1 --", journey: 'j`2', version: 3, from: 5, to: 9 };

describe.each(figures)('%s', (_name, figure) => {
  it('binds the tenant and everything else that it is given, and writes none of it into its statement', async () => {
    const { clickhouse, engine } = await fakeClickhouse();
    await figure(clickhouse, scope);
    const [asked] = engine.asked;
    expect(engine.asked).toHaveLength(1);
    expect(asked?.set).toEqual(
      expect.arrayContaining([
        "SET `param_database` = 'kalcifer'",
        "SET `param_tenant` = 'it\\\\\\'s\\\\\\' OR 1=1 --'",
        "SET `param_journey` = 'j`2'",
        "SET `param_version` = '3'",
        "SET `param_from` = '5'",
        "SET `param_to` = '9'",
      ]),
    );
    expect(asked?.statement).toContain('WHERE tenant = {tenant:String}');
    expect(asked?.statement).not.toMatch(/it's|j`2/);
  });

  it('counts each fact once, however often it was inserted', async () => {
    const { clickhouse, engine } = await fakeClickhouse();
    await figure(clickhouse, scope);
    const [asked] = engine.asked;
    expect(asked?.statement.match(/\bhistory\b/g)).toHaveLength(1);
    expect(asked?.statement).toContain('{database:Identifier}.history FINAL');
  });

  it('says that ClickHouse is away without repeating what it was asked', async () => {
    const { clickhouse } = await fakeClickhouse(() => {
      throw engineError(202, 'TOO_MANY_SIMULTANEOUS_QUERIES', "tenant it's");
    });
    await expect(figure(clickhouse, scope)).rejects.toMatchObject({
      code: 'clickhouse.unavailable',
      message: 'ClickHouse does not do it now: TOO_MANY_SIMULTANEOUS_QUERIES (202).',
    });
  });
});

describe('instanceFigures', () => {
  it('are all zero where there is nothing', async () => {
    const { clickhouse } = await fakeClickhouse();
    expect(await instanceFigures(clickhouse, { tenant: 't', journey: 'j' })).toEqual({
      entered: 0,
      completed: 0,
      exited: 0,
      failed: 0,
    });
  });
});

describe('funnel', () => {
  it('has each node that was asked for, also those that nobody reached', async () => {
    const { clickhouse } = await fakeClickhouse(() => '{"place":1,"instances":7}\n');
    expect(await funnel(clickhouse, { tenant: 't', journey: 'j' }, ['a', 'b'])).toEqual([
      { node: 'a', instances: 7 },
      { node: 'b', instances: 0 },
    ]);
  });

  it.each([[[]], [Array.from({ length: 51 }, (_, at) => `n${at}`)]])(
    'refuses a list that is empty or too long',
    async (nodes) => {
      const { clickhouse, engine } = await fakeClickhouse();
      await expect(funnel(clickhouse, { tenant: 't', journey: 'j' }, nodes)).rejects.toMatchObject({
        code: 'input.invalid',
      });
      expect(engine.asked).toEqual([]);
    },
  );
});
