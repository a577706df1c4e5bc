/** The library of message templates: written, checked, read, removed. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { EngineContext } from '../../engine/engine-context.ts';
import {
  deleteTemplate,
  listTemplates,
  readTemplate,
  saveTemplate,
} from '../../engine/sends/templates.ts';
import type { Template } from '../../nodes/node-type.ts';
import type { ApiVariables } from '../api-keys.ts';
import { definedFields } from '../../engine/defined-fields.ts';
import { errors, idParam, json } from '../route-parts.ts';

const params = z.object({ template: idParam('welcome') });

const texts = z
  .strictObject({
    channel: z.string().optional().openapi({
      description:
        'email, sms, push, whatsapp or in_app; without it, messages of any channel may use the template.',
    }),
    subject: z.string().optional().openapi({ description: 'Liquid. The title of a notification.' }),
    body: z.string().openapi({ description: 'Liquid; HTML for e-mail.' }),
  })
  .openapi('TemplateTexts');

const templateSchema = texts.extend({ id: z.string() }).openapi('Template');

const putTemplate = createRoute({
  method: 'put',
  path: '/v1/templates/{template}',
  summary: 'Write a template, in place of the one before; messages from now on use it',
  request: { params, body: { required: true, content: json(texts) } },
  responses: {
    200: { description: 'It is kept.', content: json(templateSchema) },
    ...errors(422),
  },
});

const getTemplates = createRoute({
  method: 'get',
  path: '/v1/templates',
  summary: 'Every template',
  responses: {
    200: {
      description: 'In order of their ids.',
      content: json(z.object({ templates: z.array(templateSchema) })),
    },
    ...errors(),
  },
});

const getTemplate = createRoute({
  method: 'get',
  path: '/v1/templates/{template}',
  summary: 'Read a template',
  request: { params },
  responses: { 200: { description: 'As it is.', content: json(templateSchema) }, ...errors(404) },
});

const removeTemplate = createRoute({
  method: 'delete',
  path: '/v1/templates/{template}',
  summary: 'Remove a template; a journey that still uses it fails those customers who get that far',
  request: { params },
  responses: {
    200: { description: 'It is gone.', content: json(z.object({ template: z.string() })) },
    ...errors(404),
  },
});

export function addTemplateRoutes(
  app: OpenAPIHono<{ Variables: ApiVariables }>,
  ctx: EngineContext,
): void {
  app.openapi(putTemplate, async (c) => {
    const template = {
      id: c.req.valid('param').template,
      ...definedFields(c.req.valid('json')),
      body: c.req.valid('json').body,
    };
    return c.json(
      templateBody(await saveTemplate(ctx, { tenant: c.get('tenant'), template })),
      200,
    );
  });
  app.openapi(getTemplates, async (c) => {
    const templates = await listTemplates(ctx, c.get('tenant'));
    return c.json({ templates: templates.map(templateBody) }, 200);
  });
  app.openapi(getTemplate, async (c) => {
    const of = { tenant: c.get('tenant'), ...c.req.valid('param') };
    return c.json(templateBody(await readTemplate(ctx, of)), 200);
  });
  app.openapi(removeTemplate, async (c) => {
    const { template } = c.req.valid('param');
    await deleteTemplate(ctx, { tenant: c.get('tenant'), template });
    return c.json({ template }, 200);
  });
}

function templateBody({ id, channel, subject, body }: Template): z.infer<typeof templateSchema> {
  return {
    id,
    ...(channel === undefined ? {} : { channel }),
    ...(subject === undefined ? {} : { subject }),
    body,
  };
}
