/** The local outbox: what would have been sent, to look at while a journey is being built. Not there on AWS. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { spellInstant } from '../../journey/instant.ts';
import type { ApiVariables } from '../api-keys.ts';
import { errors, json, page } from '../route-parts.ts';

/** Reads what the local channel recorded. */
export interface OutboxReader {
  /** Newest first. */
  list(of: {
    readonly tenant: string;
    readonly limit: number;
    readonly after?: string;
  }): Promise<{ readonly messages: readonly OutboxMessage[]; readonly next?: string }>;
}

interface OutboxMessage {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly channel: string;
  readonly to: string;
  readonly from?: string;
  readonly template?: string;
  readonly subject?: string;
  readonly body: string;
  readonly customer: string;
  readonly journey: string;
  readonly instance: string;
  readonly node: string;
}

const message = z
  .object({
    id: z.string(),
    at: z.string(),
    channel: z.string(),
    to: z.string(),
    from: z.string().optional(),
    template: z.string().optional(),
    subject: z.string().optional(),
    body: z.string(),
    customer_id: z.string(),
    journey: z.string(),
    instance: z.string(),
    node: z.string(),
  })
  .openapi('OutboxMessage');

const getOutbox = createRoute({
  method: 'get',
  path: '/v1/outbox',
  summary: 'Messages that were recorded instead of sent, newest first',
  request: { query: page },
  responses: {
    200: {
      description: 'A page.',
      content: json(z.object({ messages: z.array(message), next: z.string().optional() })),
    },
    ...errors(),
  },
});

export function addOutboxRoute(
  app: OpenAPIHono<{ Variables: ApiVariables }>,
  outbox: OutboxReader,
): void {
  app.openapi(getOutbox, async (c) => {
    const { limit, after } = c.req.valid('query');
    const answer = await outbox.list({
      tenant: c.get('tenant'),
      limit,
      ...(after === undefined ? {} : { after }),
    });
    return c.json({ ...answer, messages: answer.messages.map(messageBody) }, 200);
  });
}

function messageBody({ customer, at, ...fields }: OutboxMessage): z.infer<typeof message> {
  return { ...fields, at: spellInstant(at), customer_id: customer };
}
