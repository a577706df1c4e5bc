/**
 * The HTTP API: one app, served by the embedded runtime and by Lambda. It checks form and identity, calls one engine verb, and
 * turns the answer or the refusal into JSON.
 */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { EngineContext } from '../engine/engine-context.ts';
import { answerError } from './api-error.ts';
import { authenticate, type ApiVariables } from './api-keys.ts';
import { limitBody, readJsonBody } from './read-body.ts';
import { badInput } from './read-input.ts';
import { json } from './route-parts.ts';
import { addCallbackRoute } from './routes/callbacks.ts';
import { addCustomerRoutes } from './routes/customers.ts';
import { addEnrolBatchRoute } from './routes/enrol-batch.ts';
import { addEventRoutes } from './routes/events.ts';
import { addFrequencyCapRoutes } from './routes/frequency-caps.ts';
import { addInstanceRoutes } from './routes/instances.ts';
import { addJourneyStatusRoutes } from './routes/journey-status.ts';
import { addJourneyRoutes } from './routes/journeys.ts';
import { addInboxRoutes } from './routes/inbox.ts';
import { addOutboxRoute, type OutboxReader } from './routes/outbox.ts';
import { addSecretRoutes } from './routes/secrets.ts';
import { addTemplateRoutes } from './routes/templates.ts';
import { unknownRoute } from './unknown-route.ts';
import { addSegmentRoutes } from './routes/segments.ts';
import { addKeyedWebhookRoute, addSignedWebhookRoute } from './routes/webhooks.ts';

export interface ApiOptions {
  readonly ctx: EngineContext;
  /** Present where messages are recorded instead of sent. */
  readonly outbox?: OutboxReader;
  /** Release number, shown by `/health` and in the OpenAPI document. */
  readonly release: string;
  /** Hears of every error that is not the caller's. */
  readonly report: (error: unknown) => void;
}

export function createApi(options: ApiOptions): OpenAPIHono<{ Variables: ApiVariables }> {
  const { ctx, outbox, release, report } = options;
  const app = new OpenAPIHono<{ Variables: ApiVariables }>({ defaultHook: refuseBadInput });
  app.onError((error, c) => answerError(c, error, report));
  app.notFound((c) => answerError(c, unknownRoute(app, c), report));
  addOpenRoutes(app, release);
  addCallbackRoute(app, ctx);
  addSignedWebhookRoute(app, ctx);
  app.use('/v1/*', authenticate(ctx.table), limitBody(), readJsonBody());
  addEventRoutes(app, ctx);
  addCustomerRoutes(app, ctx);
  addJourneyRoutes(app, ctx);
  addJourneyStatusRoutes(app, ctx);
  addInstanceRoutes(app, ctx);
  addTemplateRoutes(app, ctx);
  addInboxRoutes(app, ctx);
  addEnrolBatchRoute(app, ctx);
  addFrequencyCapRoutes(app, ctx);
  addSegmentRoutes(app, ctx);
  addSecretRoutes(app, ctx);
  addKeyedWebhookRoute(app, ctx);
  if (outbox !== undefined) addOutboxRoute(app, outbox);
  return app;
}

const health = createRoute({
  method: 'get',
  path: '/health',
  summary: 'Whether the API answers',
  responses: {
    200: {
      description: 'It does.',
      content: json(z.object({ status: z.literal('ok'), release: z.string() })),
    },
  },
});

/** These need no key. */
function addOpenRoutes(app: OpenAPIHono<{ Variables: ApiVariables }>, release: string): void {
  app.openapi(health, (c) => c.json({ status: 'ok' as const, release }, 200));
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'apiKey',
    in: 'header',
    name: 'x-api-key',
  });
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Kalcifer', version: release, license: { name: 'Apache-2.0' } },
    security: [{ key: [] }],
  });
}

const wholes = { json: 'the body', query: 'the query', param: 'the path' } as const;

/** All problems of a part of a request at once, each with its place. */
function refuseBadInput(result: {
  readonly success: boolean;
  readonly target: string;
  readonly error?: z.ZodError;
  readonly data?: unknown;
}): undefined {
  if (result.error === undefined) return undefined;
  const whole = Object.hasOwn(wholes, result.target)
    ? wholes[result.target as keyof typeof wholes]
    : `the ${result.target}`;
  throw badInput(result.error, result.data, whole);
}
