/** Events come in: one, or up to a hundred at a time. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { EngineContext } from '../../engine/engine-context.ts';
import {
  receiveEvent,
  type EventAnswer,
  type EventRequest,
} from '../../engine/events/receive-event.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import type { ApiVariables } from '../api-keys.ts';
import { badInput } from '../read-input.ts';
import { errors, idText, json, jsonObject } from '../route-parts.ts';

const event = z
  .object({
    customer_id: idText.openapi({ example: 'c_1' }),
    type: idText.openapi({ example: 'signed_up' }),
    data: jsonObject.optional().openapi({ example: { plan: 'pro' } }),
    id: idText.optional().openapi({
      description: 'Give one when you may send the event again: it is received once.',
    }),
  })
  .openapi('Event', {
    description: 'Further fields are left aside; the tenant comes from the key.',
  });

const received = z
  .object({
    event_id: z.string(),
    routed: z.number().int().openapi({ description: 'Waits that this delivery ended.' }),
    enrolled: z.array(z.string()).openapi({ description: 'Instances that it created.' }),
  })
  .openapi('ReceivedEvent');

const eventsMax = 100;

const postEvent = createRoute({
  method: 'post',
  path: '/v1/events',
  summary: 'Send an event',
  request: { body: { required: true, content: json(event) } },
  responses: { 202: { description: 'Received.', content: json(received) }, ...errors() },
});

const postBatch = createRoute({
  method: 'post',
  path: '/v1/events/batch',
  summary: 'Send up to 100 events; each is received or refused on its own',
  request: {
    body: {
      required: true,
      content: json(z.strictObject({ events: z.array(z.unknown()).min(1).max(eventsMax) })),
    },
  },
  responses: {
    202: {
      description: 'One answer per event, in order.',
      content: json(
        z.object({
          results: z.array(
            z.union([
              received,
              z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
            ]),
          ),
        }),
      ),
    },
    ...errors(),
  },
});

export function addEventRoutes(
  app: OpenAPIHono<{ Variables: ApiVariables }>,
  ctx: EngineContext,
): void {
  app.openapi(postEvent, async (c) => {
    const answer = await receiveEvent(ctx, requestOf(c.get('tenant'), c.req.valid('json')));
    return c.json(answerBody(answer), 202);
  });
  app.openapi(postBatch, async (c) => {
    const tenant = c.get('tenant');
    const { events } = c.req.valid('json');
    const results = await Promise.all(events.map((item) => receiveOne(ctx, tenant, item)));
    return c.json({ results }, 202);
  });
}

/** A bad event in a batch is refused alone; a store that is away refuses the request. */
async function receiveOne(
  ctx: EngineContext,
  tenant: string,
  item: unknown,
): Promise<AnswerBody | { error: { code: string; message: string } }> {
  const parsed = event.safeParse(item);
  if (!parsed.success) {
    const { code, message } = badInput(parsed.error, item, 'the event');
    return { error: { code, message } };
  }
  try {
    return answerBody(await receiveEvent(ctx, requestOf(tenant, parsed.data)));
  } catch (error) {
    if (error instanceof KalciferError && error.code === 'input.invalid') {
      return { error: { code: error.code, message: error.message } };
    }
    throw error;
  }
}

function requestOf(tenant: string, body: z.infer<typeof event>): EventRequest {
  const { customer_id: customer, type, data, id } = body;
  return {
    tenant,
    customer,
    type,
    ...(data === undefined ? {} : { data }),
    ...(id === undefined ? {} : { id }),
  };
}

type AnswerBody = z.infer<typeof received>;

function answerBody({ event: event_id, routed, enrolled }: EventAnswer): AnswerBody {
  return { event_id, routed, enrolled: [...enrolled] };
}
