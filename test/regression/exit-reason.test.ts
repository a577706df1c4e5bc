/** The reason drawn in an exit is the instance's exit reason; without one, and after a goal, there is none. */
import { expect, it } from 'vitest';
import { enrolled, entry, openKit } from '../support/kit.ts';

it('an exit gives the reason that was drawn', async () => {
  const kit = await openKit();
  const id = await enrolled(kit, { in: entry, out: ['exit', { reason: 'no interest' }] }, [
    'in -> out',
  ]);
  expect(await kit.instance(id)).toMatchObject({ status: 'completed', exitReason: 'no interest' });
});

it('an exit without a reason gives none', async () => {
  const kit = await openKit();
  const id = await enrolled(kit, { in: entry, out: ['exit'] }, ['in -> out']);
  const { status, exitReason } = await kit.instance(id);
  expect({ status, exitReason }).toEqual({ status: 'completed', exitReason: undefined });
});

it('a goal gives none', async () => {
  const kit = await openKit();
  const id = await enrolled(kit, { in: entry, out: ['goal_reached', { goal_name: 'done' }] }, [
    'in -> out',
  ]);
  const { status, exitReason } = await kit.instance(id);
  expect({ status, exitReason }).toEqual({ status: 'completed', exitReason: undefined });
});
