/** What a caller is told of a graph that is refused, when nothing but the thrown error is looked at. */
import { expect, it } from 'vitest';
import { drawGraph } from '../support/graphs.ts';
import { entry, exit, mail, openKit } from '../support/kit.ts';

const place = { tenant: 'T1', journey: 'J' };

it('null is a graph that is wrong, not a graph that is missing', async () => {
  const kit = await openKit();
  await expect(kit.publish({ ...place, graph: null })).rejects.toMatchObject({
    code: 'journey.invalid',
    problems: [{ code: 'graph.malformed' }],
  });
});

it('the message tells every problem, not only the first', async () => {
  const kit = await openKit();
  const graph = drawGraph({ in: entry, out: exit, a: mail, b: mail }, [
    'in -> out',
    'a -> b',
    'b -> a',
  ]);
  const refused = kit.publish({ ...place, graph });
  await expect(refused).rejects.toThrow(/cycle/);
  await expect(refused).rejects.toThrow(/unreachable.*"a".*unreachable.*"b"/);
});

it('the message of a graph with many problems stays short', async () => {
  const kit = await openKit();
  const nodes = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`m${n}`, mail]));
  const graph = drawGraph({ in: entry, out: exit, ...nodes }, ['in -> out']);
  const refused = await kit.publish({ ...place, graph }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'journey.invalid' });
  expect((refused as { problems: unknown[] }).problems).toHaveLength(12);
  expect((refused as Error).message).toMatch(/^The graph has 12 problems: .*"m9".*; \.\.\.$/);
});
