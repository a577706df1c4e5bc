import { expect, it } from 'vitest';
import { registerApiKey } from '../../lib/api/api-keys.ts';
import { apiHarness } from '../support/api-harness.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const first = 'first-key-of-the-deployment';
const second = 'second-key-of-the-deployment';
const T1 = { tenant: 'T1', name: 'deployment' };

async function open(): Promise<{
  register: (request: { tenant: string; name: string; key: string }) => Promise<void>;
  statusFor: (key: string) => Promise<number>;
  rows: () => number;
}> {
  const h = await apiHarness();
  return {
    register: (request) => registerApiKey(h.table, request, now),
    statusFor: async (key) =>
      (await h.call('GET', '/v1/journeys', undefined, { 'x-api-key': key })).status,
    rows: () => h.table.groups.length,
  };
}

it('lets a key in that was made elsewhere', async () => {
  const { register, statusFor } = await open();
  expect(await statusFor(first)).toBe(401);
  await register({ ...T1, key: first });
  expect(await statusFor(first)).toBe(200);
});

it('changes nothing when it is done again', async () => {
  const { register, rows } = await open();
  await register({ ...T1, key: first });
  const before = rows();
  await register({ ...T1, key: first });
  expect(rows()).toBe(before);
});

it('shuts the key out that had the name before, and lets it in when it comes back', async () => {
  const { register, statusFor } = await open();
  await register({ ...T1, key: first });
  await register({ ...T1, key: second });
  expect([await statusFor(first), await statusFor(second)]).toEqual([401, 200]);
  await register({ ...T1, key: first });
  expect([await statusFor(first), await statusFor(second)]).toEqual([200, 401]);
});

it('leaves one key, whoever registers at the same time', async () => {
  const { register, statusFor } = await open();
  await Promise.all([first, second, first, second].map((key) => register({ ...T1, key })));
  const statuses = [await statusFor(first), await statusFor(second)];
  expect(statuses.toSorted()).toEqual([200, 401]);
});

it('keeps keys of other names and tenants apart', async () => {
  const { register, statusFor } = await open();
  await register({ ...T1, key: first });
  await register({ ...T1, tenant: 'T2', key: second });
  expect([await statusFor(first), await statusFor(second)]).toEqual([200, 200]);
});

it('refuses a key that is somebody else’s, or goes by another name', async () => {
  const { register, statusFor } = await open();
  await register({ ...T1, key: first });
  const taken = { code: 'key.taken' };
  await expect(register({ ...T1, tenant: 'T2', key: first })).rejects.toMatchObject(taken);
  await expect(register({ ...T1, name: 'other', key: first })).rejects.toMatchObject(taken);
  expect(await statusFor(first)).toBe(200);
});

it('refuses a key that is short or cannot be sent, and does not repeat it', async () => {
  const { register } = await open();
  for (const key of ['short', 'a key with spaces in its text', 'é'.repeat(30), 'x'.repeat(300)]) {
    const refused = register({ ...T1, key });
    await expect(refused).rejects.toMatchObject({ code: 'key.unfit' });
    await expect(refused).rejects.not.toThrow(key);
  }
});

it('refuses a tenant or a name that is no id', async () => {
  const { register } = await open();
  await expect(register({ tenant: ' ', name: '', key: first })).rejects.toMatchObject({
    code: 'input.invalid',
  });
});
