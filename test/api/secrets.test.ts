/** Secrets over HTTP: a value goes in and does not come back. */
import { expect, test } from 'vitest';
import { readSecret } from '../../lib/engine/secrets/secrets.ts';
import { apiHarness } from '../support/api-harness.ts';

test('a secret is set, listed by name and removed, and its value is never told', async () => {
  const api = await apiHarness();
  const put = await api.call('PUT', '/v1/secrets/crm', { value: 'not to be told' });
  expect([put.status, put.body]).toEqual([
    200,
    { secret: 'crm', set_at: '2026-01-01T00:00:00.000Z' },
  ]);
  const list = await api.call('GET', '/v1/secrets');
  expect(list.body).toEqual({ secrets: [{ secret: 'crm', set_at: '2026-01-01T00:00:00.000Z' }] });
  expect(await readSecret(api.ctx, { tenant: 'T1', secret: 'crm' })).toBe('not to be told');
  const removed = await api.call('DELETE', '/v1/secrets/crm');
  expect([removed.status, removed.body]).toEqual([200, { secret: 'crm' }]);
  expect((await api.call('DELETE', '/v1/secrets/crm')).status).toBe(404);
});

test('a value that is made here is told in that answer only', async () => {
  const api = await apiHarness();
  const { status, body } = await api.call('PUT', '/v1/secrets/crm', {});
  expect(status).toBe(200);
  expect(body.value).toMatch(/^whsec_/);
  expect(await readSecret(api.ctx, { tenant: 'T1', secret: 'crm' })).toBe(body.value);
  expect(JSON.stringify((await api.call('GET', '/v1/secrets')).body)).not.toContain(body.value);
});

test('another tenant sees and removes nothing', async () => {
  const api = await apiHarness();
  await api.call('PUT', '/v1/secrets/crm', { value: 'not to be told' });
  const other = { 'x-api-key': api.keys.T2 };
  expect((await api.call('GET', '/v1/secrets', undefined, other)).body).toEqual({ secrets: [] });
  expect((await api.call('DELETE', '/v1/secrets/crm', undefined, other)).status).toBe(404);
  expect(await readSecret(api.ctx, { tenant: 'T1', secret: 'crm' })).toBe('not to be told');
});

test('a value that cannot be a secret is refused, and not repeated in the answer', async () => {
  const api = await apiHarness();
  const { status, body } = await api.call('PUT', '/v1/secrets/crm', { value: 'tiny' });
  expect(status).toBe(400);
  expect(JSON.stringify(body)).not.toContain('tiny');
});
