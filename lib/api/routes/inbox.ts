/** The inbox of a customer, for the application that shows it. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { EngineContext } from '../../engine/engine-context.ts';
import { listInbox, markRead } from '../../engine/sends/inbox.ts';
import type { InboxMessage } from '../../engine/records/inbox-message.ts';
import { spellInstant } from '../../journey/instant.ts';
import type { ApiVariables } from '../api-keys.ts';
import { errors, idParam, idText, json, page } from '../route-parts.ts';

const ofCustomer = z.object({ customer: idParam('c_1') });
const ofMessage = ofCustomer.extend({ message: idText });

const messageSchema = z
  .object({
    id: z.string(),
    subject: z.string().optional(),
    body: z.string(),
    placement: z.string().optional(),
    journey: z.string(),
    instance: z.string(),
    node: z.string(),
    at: z.string(),
    expires_at: z.string().optional(),
    read_at: z.string().optional(),
  })
  .openapi('InboxMessage');

const getInbox = createRoute({
  method: 'get',
  path: '/v1/customers/{customer}/inbox',
  summary: 'The in-app messages of a customer, newest first, without those that have expired',
  request: { params: ofCustomer, query: page },
  responses: {
    200: {
      description: 'A page. It may be short while there is a next one.',
      content: json(z.object({ messages: z.array(messageSchema), next: z.string().optional() })),
    },
    ...errors(),
  },
});

const postRead = createRoute({
  method: 'post',
  path: '/v1/customers/{customer}/inbox/{message}/read',
  summary: 'Note that the customer has read a message',
  request: { params: ofMessage },
  responses: {
    200: { description: 'Read; the first time counts.', content: json(messageSchema) },
    ...errors(404),
  },
});

export function addInboxRoutes(
  app: OpenAPIHono<{ Variables: ApiVariables }>,
  ctx: EngineContext,
): void {
  app.openapi(getInbox, async (c) => {
    const { limit, after } = c.req.valid('query');
    const { messages, next } = await listInbox(ctx, {
      tenant: c.get('tenant'),
      ...c.req.valid('param'),
      limit,
      ...(after === undefined ? {} : { after }),
    });
    return c.json(
      { messages: messages.map(messageBody), ...(next === undefined ? {} : { next }) },
      200,
    );
  });
  app.openapi(postRead, async (c) => {
    const read = await markRead(ctx, { tenant: c.get('tenant'), ...c.req.valid('param') });
    return c.json(messageBody(read), 200);
  });
}

function messageBody(message: InboxMessage): z.infer<typeof messageSchema> {
  const { id, subject, body, placement, journey, instance, node, at, until, readAt } = message;
  return {
    id,
    ...(subject === undefined ? {} : { subject }),
    body,
    ...(placement === undefined ? {} : { placement }),
    journey,
    instance,
    node,
    at: spellInstant(at),
    ...(until === undefined ? {} : { expires_at: spellInstant(until) }),
    ...(readAt === undefined ? {} : { read_at: spellInstant(readAt) }),
  };
}
