/** Secrets are kept per tenant, told by name only, and made once. */
import { describe, expect, test } from 'vitest';
import { createMemoryTable } from '../../../lib/adapters/local/memory-table.ts';
import {
  deleteSecret,
  listSecrets,
  newSecretValue,
  readOrCreateSecret,
  readSecret,
  setSecret,
} from '../../../lib/engine/secrets/secrets.ts';
import { virtualClock } from '../../../lib/testkit/virtual-clock.ts';

function store() {
  return { table: createMemoryTable(), clock: virtualClock(1000) };
}

describe('secrets', () => {
  test('belong to one tenant', async () => {
    const ctx = store();
    await setSecret(ctx, { tenant: 'T1', secret: 'crm', value: 'of tenant one' });
    await setSecret(ctx, { tenant: 'T2', secret: 'crm', value: 'of tenant two' });
    expect(await readSecret(ctx, { tenant: 'T1', secret: 'crm' })).toBe('of tenant one');
    expect(await readSecret(ctx, { tenant: 'T2', secret: 'crm' })).toBe('of tenant two');
    expect(await readSecret(ctx, { tenant: 'T3', secret: 'crm' })).toBeUndefined();
  });

  test('are listed by name and time, without their values', async () => {
    const ctx = store();
    await setSecret(ctx, { tenant: 'T1', secret: 'b#1', value: 'value of b' });
    ctx.clock.moveTo(2000);
    await setSecret(ctx, { tenant: 'T1', secret: 'a', value: 'value of a' });
    expect(await listSecrets(ctx, 'T1')).toEqual([
      { secret: 'a', setAt: 2000 },
      { secret: 'b#1', setAt: 1000 },
    ]);
  });

  test('are replaced, and removed once', async () => {
    const ctx = store();
    const of = { tenant: 'T1', secret: 'crm' };
    await setSecret(ctx, { ...of, value: 'the first' });
    await setSecret(ctx, { ...of, value: 'the second' });
    expect(await readSecret(ctx, of)).toBe('the second');
    await deleteSecret(ctx, of);
    expect(await readSecret(ctx, of)).toBeUndefined();
    await expect(deleteSecret(ctx, of)).rejects.toMatchObject({ code: 'secret.unknown' });
  });

  test.each([
    ['short', '1234567', 'value is shorter than 8 bytes'],
    ['long', 'x'.repeat(4097), 'value is longer than 4096 bytes'],
    ['with a line break', 'line one\nline two', 'value contains a control character'],
    ['padded', ' 12345678', 'value has blanks around it'],
  ])('are refused when %s, and the value is not in the error', async (_, value, message) => {
    const ctx = store();
    const refusal = setSecret(ctx, { tenant: 'T1', secret: 'crm', value });
    await expect(refusal).rejects.toMatchObject({
      code: 'input.invalid',
      message: `${message}.`,
      problems: [{ code: 'input.field', path: 'value', message }],
    });
    expect(await listSecrets(ctx, 'T1')).toEqual([]);
  });

  test('need a name', async () => {
    const refusal = setSecret(store(), { tenant: 'T1', secret: ' ', value: '12345678' });
    await expect(refusal).rejects.toMatchObject({ code: 'input.invalid' });
  });

  test('are made once, however many ask at the same time', async () => {
    const ctx = store();
    const of = { tenant: 'T1', secret: 'webhook-signing' };
    const made = await Promise.all(Array.from({ length: 20 }, () => readOrCreateSecret(ctx, of)));
    expect(new Set(made).size).toBe(1);
    expect(await readOrCreateSecret(ctx, of)).toBe(made[0]);
    expect(await readSecret(ctx, of)).toBe(made[0]);
  });

  test('that are made here are long and never the same', () => {
    expect(newSecretValue()).toMatch(/^whsec_[\w-]{43}$/);
    expect(newSecretValue()).not.toBe(newSecretValue());
  });
});
