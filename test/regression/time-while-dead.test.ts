/** Time passes while the process is dead; what became due meanwhile happens when it is back. */
import { expect, it } from 'vitest';
import { simpleEmailJourney } from '../support/graphs.ts';
import { openKit } from '../support/kit.ts';

const tenant = 'T1';
const journey = 'J';

it('a deadline that passes while the process is down takes the timeout branch after the restart', async () => {
  const kit = await openKit();
  await kit.publish({ tenant, journey, graph: simpleEmailJourney() });
  const { instance } = await kit.enroll({ tenant, journey, customer: 'c1' });
  await kit.settle();
  await kit.kill();
  await kit.advance('4d');
  expect(kit.now()).toBe('2026-01-05T00:00:00.000Z');
  expect((await kit.instance(instance)).positions).toEqual(['wait_1']);

  await kit.restart();
  await kit.settle();
  expect((await kit.instance(instance)).status).toBe('completed');
  expect((await kit.steps(instance)).map(({ node }) => node)).toEqual([
    'entry_1',
    'email_1',
    'wait_1',
    'email_2',
    'exit_1',
  ]);
});

it('every other call to a dead process is refused', async () => {
  const kit = await openKit();
  await kit.publish({ tenant, journey, graph: simpleEmailJourney() });
  await kit.kill();
  const killed = { code: 'testkit.killed' };
  await expect(kit.settle()).rejects.toMatchObject(killed);
  await expect(kit.enroll({ tenant, journey, customer: 'c1' })).rejects.toMatchObject(killed);
  await expect(kit.event({ tenant, customer: 'c1', type: 'x' })).rejects.toMatchObject(killed);
});
