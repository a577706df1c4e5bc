/** A field of a customer that is given as `undefined` is one that was not given. */
import { expect, it } from 'vitest';
import { openKit } from '../support/kit.ts';

it('an undefined e-mail address leaves the address as it is', async () => {
  const kit = await openKit();
  const customer = { tenant: 'T1', id: 'c1' };
  await kit.customer({ ...customer, email: 'ada@example.com', name: 'Ada' });
  const change: object = { email: undefined, name: 'Ada L.' };
  await kit.customer({ ...customer, ...change });
  expect(await kit.profile(customer)).toMatchObject({ email: 'ada@example.com', name: 'Ada L.' });
});
