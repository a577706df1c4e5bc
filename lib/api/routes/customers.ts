/** Customers: their profiles, and the journeys they are or were in. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { readCustomer, saveCustomer } from '../../engine/customers/customers.ts';
import type { EngineContext } from '../../engine/engine-context.ts';
import { listCustomerInstances } from '../../engine/instances/list-instances.ts';
import type { Profile } from '../../engine/records/profile.ts';
import { messageChannels } from '../../nodes/messages/channel-rules.ts';
import type { ApiVariables } from '../api-keys.ts';
import { definedFields } from '../../engine/defined-fields.ts';
import { instanceBody, instanceSchema } from '../instance-body.ts';
import { errors, idParam, json, jsonObject } from '../route-parts.ts';

/** A channel that is refused by anything but `false` would go on being used. */
const preferences = jsonObject
  .superRefine((given, context) => {
    for (const channel of messageChannels) {
      if (!Object.hasOwn(given, channel) || typeof given[channel] === 'boolean') continue;
      context.addIssue({ code: 'custom', path: [channel], message: 'must be true or false' });
    }
  })
  .openapi({
    description: 'By channel: false refuses it. Further keys are yours.',
    example: { email: false },
  });

const profileFields = {
  email: z.string().optional().openapi({ example: 'ada@example.com' }),
  phone: z.string().optional(),
  name: z.string().optional(),
  properties: jsonObject.optional(),
  preferences: preferences.optional(),
  tags: z.array(z.string().regex(/\S/, 'must not be blank')).optional(),
};

const change = z.strictObject(profileFields).openapi('CustomerChange');
const customer = z.object({ id: z.string(), ...profileFields }).openapi('Customer');
const params = z.object({ customer: idParam('c_1') });

const putCustomer = createRoute({
  method: 'put',
  path: '/v1/customers/{customer}',
  summary: 'Create a customer or change some fields; properties are merged key by key',
  request: { params, body: { required: true, content: json(change) } },
  responses: { 200: { description: 'As it is now.', content: json(customer) }, ...errors() },
});

const getCustomer = createRoute({
  method: 'get',
  path: '/v1/customers/{customer}',
  summary: 'Read a customer',
  request: { params },
  responses: { 200: { description: 'The profile.', content: json(customer) }, ...errors(404) },
});

const getInstances = createRoute({
  method: 'get',
  path: '/v1/customers/{customer}/instances',
  summary: 'Every journey that the customer is or was in, oldest first',
  request: { params },
  responses: {
    200: {
      description: 'The instances.',
      content: json(z.object({ instances: z.array(instanceSchema) })),
    },
    ...errors(),
  },
});

export function addCustomerRoutes(
  app: OpenAPIHono<{ Variables: ApiVariables }>,
  ctx: EngineContext,
): void {
  app.openapi(putCustomer, async (c) => {
    const { customer: id } = c.req.valid('param');
    const fields = definedFields(c.req.valid('json'));
    const profile = await saveCustomer(ctx, { ...fields, tenant: c.get('tenant'), customer: id });
    return c.json(customerBody(id, profile), 200);
  });
  app.openapi(getCustomer, async (c) => {
    const { customer: id } = c.req.valid('param');
    const profile = await readCustomer(ctx, { tenant: c.get('tenant'), customer: id });
    return c.json(customerBody(id, profile), 200);
  });
  app.openapi(getInstances, async (c) => {
    const { customer: id } = c.req.valid('param');
    const instances = await listCustomerInstances(ctx, { tenant: c.get('tenant'), customer: id });
    return c.json({ instances: instances.map(instanceBody) }, 200);
  });
}

function customerBody(id: string, profile: Profile): z.infer<typeof customer> {
  const { revision: _revision, tags, ...fields } = profile;
  return { id, ...fields, tags: [...tags] };
}
