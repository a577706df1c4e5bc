/** Secrets: set, listed by name, removed. A value is taken in; the only one that ever leaves is one that was made here, once. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { EngineContext } from '../../engine/engine-context.ts';
import {
  deleteSecret,
  listSecrets,
  newSecretValue,
  setSecret,
  type SecretNote,
} from '../../engine/secrets/secrets.ts';
import { spellInstant } from '../../journey/instant.ts';
import type { ApiVariables } from '../api-keys.ts';
import { errors, idParam, json } from '../route-parts.ts';

const params = z.object({ secret: idParam('crm-webhook') });

const note = z
  .object({ secret: z.string(), set_at: z.string() })
  .openapi('Secret', { description: 'What is told of a secret; its value is never read back.' });

const change = z
  .strictObject({
    value: z.string().optional().openapi({
      description: '8 to 4096 bytes. Without it a value is made here and shown in this one answer.',
    }),
  })
  .openapi('SecretChange');

const changed = note.extend({
  value: z.string().optional().openapi({ description: 'Only when it was made here.' }),
});

const putSecret = createRoute({
  method: 'put',
  path: '/v1/secrets/{secret}',
  summary: 'Set a secret, in place of the one before',
  request: { params, body: { required: true, content: json(change) } },
  responses: { 200: { description: 'It is kept.', content: json(changed) }, ...errors() },
});

const getSecrets = createRoute({
  method: 'get',
  path: '/v1/secrets',
  summary: 'The names of the secrets',
  responses: {
    200: { description: 'In order.', content: json(z.object({ secrets: z.array(note) })) },
    ...errors(),
  },
});

const removeSecret = createRoute({
  method: 'delete',
  path: '/v1/secrets/{secret}',
  summary: 'Forget a secret',
  request: { params },
  responses: {
    200: { description: 'It is gone.', content: json(z.object({ secret: z.string() })) },
    ...errors(404),
  },
});

export function addSecretRoutes(
  app: OpenAPIHono<{ Variables: ApiVariables }>,
  ctx: EngineContext,
): void {
  app.openapi(putSecret, async (c) => {
    const { secret } = c.req.valid('param');
    const given = c.req.valid('json').value;
    const value = given ?? newSecretValue();
    const kept = await setSecret(ctx, { tenant: c.get('tenant'), secret, value });
    return c.json({ ...noteBody(kept), ...(given === undefined ? { value } : {}) }, 200);
  });
  app.openapi(getSecrets, async (c) => {
    const secrets = await listSecrets(ctx, c.get('tenant'));
    return c.json({ secrets: secrets.map(noteBody) }, 200);
  });
  app.openapi(removeSecret, async (c) => {
    const { secret } = c.req.valid('param');
    await deleteSecret(ctx, { tenant: c.get('tenant'), secret });
    return c.json({ secret }, 200);
  });
}

function noteBody({ secret, setAt }: SecretNote): z.infer<typeof note> {
  return { secret, set_at: spellInstant(setAt) };
}
