/** Segments: named rules over profiles, who is in them, and why. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { EngineContext } from '../../engine/engine-context.ts';
import type { Segment } from '../../engine/records/segment.ts';
import { findInSegment, listSegmentCustomers } from '../../engine/segments/segment-customers.ts';
import {
  deleteSegment,
  listSegments,
  readSegment,
  saveSegment,
} from '../../engine/segments/segments.ts';
import { spellInstant } from '../../journey/instant.ts';
import type { ApiVariables } from '../api-keys.ts';
import { errors, idParam, json, jsonObject, page } from '../route-parts.ts';

const drawn = z
  .strictObject({
    name: z.string().optional().openapi({ example: 'Big spenders' }),
    rule: z.unknown().openapi({
      description: 'As in conditions; every path begins with `customer.`.',
      example: { field: 'customer.properties.spent', op: 'gte', value: 100 },
    }),
  })
  .openapi('SegmentChange');

const segmentSchema = z
  .object({
    id: z.string(),
    name: z.string().optional(),
    rule: jsonObject,
    revision: z.number().int(),
    created_at: z.string(),
    changed_at: z.string(),
  })
  .openapi('Segment');

const answer = z
  .object({
    is_in: z.boolean(),
    because: z.string().openapi({ description: 'The facts that decided, in plain words.' }),
  })
  .openapi('SegmentAnswer');

const ofSegment = z.object({ segment: idParam('big-spenders') });
const ofCustomer = ofSegment.extend({ customer: idParam('c_1') });

const getSegments = createRoute({
  method: 'get',
  path: '/v1/segments',
  summary: 'Every segment',
  responses: {
    200: {
      description: 'The segments.',
      content: json(z.object({ segments: z.array(segmentSchema) })),
    },
    ...errors(),
  },
});

const getSegment = createRoute({
  method: 'get',
  path: '/v1/segments/{segment}',
  summary: 'Read a segment',
  request: { params: ofSegment },
  responses: { 200: { description: 'As it is.', content: json(segmentSchema) }, ...errors(404) },
});

const putSegment = createRoute({
  method: 'put',
  path: '/v1/segments/{segment}',
  summary: 'Create a segment, or replace its rule and name',
  request: { params: ofSegment, body: { required: true, content: json(drawn) } },
  responses: { 200: { description: 'Saved.', content: json(segmentSchema) }, ...errors(422) },
});

const removeSegment = createRoute({
  method: 'delete',
  path: '/v1/segments/{segment}',
  summary: 'Delete a segment that no journey needs any more',
  request: { params: ofSegment },
  responses: {
    200: {
      description: 'It is gone.',
      content: json(ofSegment),
    },
    ...errors(404, 409),
  },
});

const getCustomers = createRoute({
  method: 'get',
  path: '/v1/segments/{segment}/customers',
  summary: 'Customers who are in a segment now',
  request: { params: ofSegment, query: page },
  responses: {
    200: {
      description: 'A page; it may hold fewer than `limit` and still have a `next`.',
      content: json(z.object({ customers: z.array(z.string()), next: z.string().optional() })),
    },
    ...errors(404),
  },
});

const getCustomer = createRoute({
  method: 'get',
  path: '/v1/segments/{segment}/customers/{customer}',
  summary: 'Whether a customer is in a segment now, and why',
  request: { params: ofCustomer },
  responses: { 200: { description: 'The answer.', content: json(answer) }, ...errors(404) },
});

export function addSegmentRoutes(
  app: OpenAPIHono<{ Variables: ApiVariables }>,
  ctx: EngineContext,
): void {
  app.openapi(getSegments, async (c) => {
    const segments = await listSegments(ctx, c.get('tenant'));
    return c.json({ segments: segments.map(segmentBody) }, 200);
  });
  app.openapi(getSegment, async (c) => {
    const of = { tenant: c.get('tenant'), ...c.req.valid('param') };
    return c.json(segmentBody(await readSegment(ctx, of)), 200);
  });
  app.openapi(putSegment, async (c) => {
    const of = { tenant: c.get('tenant'), ...c.req.valid('param') };
    const { name, rule } = c.req.valid('json');
    const named = name === undefined ? {} : { name };
    return c.json(segmentBody(await saveSegment(ctx, { ...of, ...named, rule })), 200);
  });
  app.openapi(removeSegment, async (c) => {
    const { segment } = c.req.valid('param');
    await deleteSegment(ctx, { tenant: c.get('tenant'), segment });
    return c.json({ segment }, 200);
  });
  app.openapi(getCustomers, async (c) => {
    const of = { tenant: c.get('tenant'), ...c.req.valid('param') };
    const { limit, after } = c.req.valid('query');
    const found = await listSegmentCustomers(ctx, of, {
      limit,
      ...(after === undefined ? {} : { after }),
    });
    return c.json({ ...found, customers: [...found.customers] }, 200);
  });
  app.openapi(getCustomer, async (c) => {
    const of = { tenant: c.get('tenant'), ...c.req.valid('param') };
    const { isIn: is_in, because } = await findInSegment(ctx, of);
    return c.json({ is_in, because }, 200);
  });
}

function segmentBody(segment: Segment): z.infer<typeof segmentSchema> {
  const { id, name, rule, revision, createdAt, changedAt } = segment;
  return {
    id,
    ...(name === undefined ? {} : { name }),
    rule: { ...rule },
    revision,
    created_at: spellInstant(createdAt),
    changed_at: spellInstant(changedAt),
  };
}
