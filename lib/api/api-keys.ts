/** API keys: each belongs to one tenant. Only the hash of a key is stored, so a copy of the table opens nothing. */
import { createHash, randomBytes } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { checkIds } from '../engine/check-input.ts';
import { lookAgain } from '../engine/look-again.ts';
import { keys } from '../engine/records/keys.ts';
import { KalciferError } from '../kalcifer-error.ts';
import type { Table } from '../ports/table.ts';

/** What a request is made in the name of. */
export interface ApiVariables {
  readonly tenant: string;
}

/** Creates a key. It is shown this once and cannot be read back. */
export async function createApiKey(
  table: Table,
  of: { readonly tenant: string; readonly name: string },
  now: number,
): Promise<string> {
  const key = `kal_${randomBytes(24).toString('base64url')}`;
  await table.write({
    name: 'key.create',
    writes: [
      { put: { ...keys.apiKey(hashOf(key)), tenant: of.tenant, name: of.name, createdAt: now } },
      { put: { ...keys.tenant(of.tenant) } },
    ],
  });
  return key;
}

/**
 * Lets a key in that was made elsewhere, under a name that the tenant has once: the key that had the name before opens nothing any
 * more. Doing it again changes nothing.
 *
 * @throws KalciferError `input.invalid`; `key.unfit` for a key that is easily guessed or cannot be sent in a header;
 *   `key.taken` when it is somebody else's, or has another name
 */
export async function registerApiKey(
  table: Table,
  { tenant, name, key }: { readonly tenant: string; readonly name: string; readonly key: string },
  now: number,
): Promise<void> {
  checkIds({ tenant, name });
  if (!fitKey.test(key)) {
    throw new KalciferError(
      'key.unfit',
      `The API key "${name}" must have 20 to 256 visible ASCII characters.`,
    );
  }
  const hash = hashOf(key);
  await lookAgain(async () => {
    const [holder, named] = await Promise.all([
      table.get(keys.apiKey(hash)),
      table.get(keys.apiKeyName(tenant, name)),
    ]);
    if (holder !== undefined && (holder.tenant !== tenant || holder.name !== name)) {
      throw new KalciferError(
        'key.taken',
        `The API key "${name}" of tenant "${tenant}" is in use under another name or for another tenant: make a new one.`,
      );
    }
    const before = named?.hash as string | undefined;
    if (holder !== undefined && before === hash) return 'registered';
    const answer = await table.write({
      name: 'key.register',
      writes: [
        {
          put: { ...keys.apiKeyName(tenant, name), hash },
          if: before === undefined ? 'absent' : { equals: { hash: before } },
        },
        holder === undefined
          ? { put: { ...keys.apiKey(hash), tenant, name, createdAt: now }, if: 'absent' }
          : { check: keys.apiKey(hash), if: { equals: { tenant, name } } },
        ...(before === undefined || before === hash ? [] : [{ delete: keys.apiKey(before) }]),
        { put: { ...keys.tenant(tenant) } },
      ],
    });
    return answer.done ? 'registered' : 'conflict';
  });
}

const fitKey = /^[\x21-\x7e]{20,256}$/;

/** The tenant comes from the key, never from the body (semantics 3.7). */
export function authenticate(table: Table): MiddlewareHandler<{ Variables: ApiVariables }> {
  return async (c, next) => {
    const key = c.req.header('x-api-key') ?? bearer(c.req.header('authorization'));
    if (key === undefined) {
      throw new KalciferError(
        'key.missing',
        'Send your API key in the header "x-api-key" or "Authorization: Bearer <key>".',
      );
    }
    const item = await table.get(keys.apiKey(hashOf(key)));
    if (item === undefined) throw new KalciferError('key.unknown', 'This API key is not known.');
    c.set('tenant', item.tenant as string);
    await next();
  };
}

function bearer(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /^Bearer +(\S+)$/i.exec(header)?.[1];
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
