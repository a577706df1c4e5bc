/**
 * A tenant's secrets: what signs its webhooks and opens its providers. A value goes in and is used here; it never comes out again
 * through the API, a log, a message or the state of an execution, which all name a secret and never hold one.
 */
import { randomBytes } from 'node:crypto';
import { KalciferError } from '../../kalcifer-error.ts';
import type { Item } from '../../ports/table.ts';
import { checkIds } from '../check-input.ts';
import type { EngineContext } from '../engine-context.ts';
import { readPartition } from '../read-pages.ts';
import { keyParts, keys, secretsPk } from '../records/keys.ts';

/** Name of the secret that a tenant's outgoing webhooks are signed with; made at the first call when nobody has set it. */
export const webhookSigningSecret = 'webhook-signing';

/** Whose secret, and which. */
export interface SecretOf {
  readonly tenant: string;
  readonly secret: string;
}

/** What may be told of a secret. */
export interface SecretNote {
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly setAt: number;
}

/** Name of the secret that a provider signs its callbacks with. */
export function callbackSecret(provider: string): string {
  return `callback-${provider}`;
}

/** Bytes; a shorter one could be guessed, a longer one is a mistake. */
const secretBytes = { min: 8, max: 4096 };

/**
 * Keeps the value under the name, in place of the one before.
 *
 * @throws KalciferError `input.invalid` without the value in its text
 */
export async function setSecret(
  ctx: Pick<EngineContext, 'table' | 'clock'>,
  { tenant, secret, value }: SecretOf & { readonly value: string },
): Promise<SecretNote> {
  checkIds({ tenant, secret });
  const wrong = valueProblem(value);
  if (wrong !== undefined) {
    throw new KalciferError('input.invalid', `value ${wrong}.`, {
      problems: [{ code: 'input.field', path: 'value', message: `value ${wrong}` }],
    });
  }
  const setAt = ctx.clock.now();
  await ctx.table.write({
    name: 'secret.set',
    writes: [{ put: { ...keys.secret(tenant, secret), value, setAt } }],
  });
  return { secret, setAt };
}

/** The value, for whoever signs or calls; undefined when the tenant has no such secret. */
export async function readSecret(
  ctx: Pick<EngineContext, 'table'>,
  { tenant, secret }: SecretOf,
): Promise<string | undefined> {
  return valueOf(await ctx.table.get(keys.secret(tenant, secret)));
}

/** The value, and a new one that nobody could guess when there is none yet. Concurrent calls get the same. */
export async function readOrCreateSecret(
  ctx: Pick<EngineContext, 'table' | 'clock'>,
  of: SecretOf,
): Promise<string> {
  const known = await readSecret(ctx, of);
  if (known !== undefined) return known;
  const value = newSecretValue();
  const answer = await ctx.table.write({
    name: 'secret.create',
    writes: [
      {
        put: { ...keys.secret(of.tenant, of.secret), value, setAt: ctx.clock.now() },
        if: 'absent',
      },
    ],
  });
  return answer.done ? value : (valueOf(answer.refused[0]?.current) ?? value);
}

/** Names only, in order. */
export async function listSecrets(
  ctx: Pick<EngineContext, 'table'>,
  tenant: string,
): Promise<readonly SecretNote[]> {
  const notes: SecretNote[] = [];
  for await (const item of readPartition(ctx.table, { pk: secretsPk(tenant) })) {
    notes.push({ secret: keyParts(item.sk)[0] ?? '', setAt: item.setAt as number });
  }
  return notes;
}

/** @throws KalciferError `secret.unknown` */
export async function deleteSecret(
  ctx: Pick<EngineContext, 'table'>,
  { tenant, secret }: SecretOf,
): Promise<void> {
  const answer = await ctx.table.write({
    name: 'secret.delete',
    writes: [{ delete: keys.secret(tenant, secret), if: 'present' }],
  });
  if (!answer.done) {
    throw new KalciferError('secret.unknown', `There is no secret "${secret}".`);
  }
}

/** From the machine's own randomness, not from the seeded port: a secret that a seed gives away is none. */
export function newSecretValue(): string {
  return `whsec_${randomBytes(32).toString('base64url')}`;
}

function valueProblem(value: string): string | undefined {
  const bytes = Buffer.byteLength(value, 'utf8');
  if (bytes < secretBytes.min) return `is shorter than ${secretBytes.min} bytes`;
  if (bytes > secretBytes.max) return `is longer than ${secretBytes.max} bytes`;
  if (/\p{Cc}/u.test(value)) return 'contains a control character';
  return value.trim() === value ? undefined : 'has blanks around it';
}

function valueOf(item: Item | undefined): string | undefined {
  return typeof item?.value === 'string' ? item.value : undefined;
}
