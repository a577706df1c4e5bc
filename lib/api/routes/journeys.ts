/** Journeys and their versions: draw, check, publish, look at what it became. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import type { EngineContext } from '../../engine/engine-context.ts';
import {
  listJourneys,
  listVersions,
  readJourney,
  readVersion,
  saveDraft,
} from '../../engine/journeys/journeys.ts';
import { publish } from '../../engine/journeys/publish.ts';
import { readDefinition } from '../../engine/journeys/read-machine.ts';
import type { JourneyVersion } from '../../engine/records/journey.ts';
import { spellInstant } from '../../journey/instant.ts';
import { drawSettings, type JourneySettings } from '../../journey/journey-settings.ts';
import type { JsonObject } from '../../json.ts';
import type { ApiVariables } from '../api-keys.ts';
import { journeyBody, journeySchema } from '../journey-body.ts';
import { allowNoBody } from '../read-body.ts';
import { errors, idParam, json, jsonObject, problems } from '../route-parts.ts';
import { capSchema, drawnCaps } from './frequency-caps.ts';

const versionSchema = z
  .object({
    version: z.number().int(),
    status: z.enum(['draft', 'published', 'deprecated', 'rolled_back']),
    graph: jsonObject,
    frequency_caps: z.array(capSchema).optional(),
    reentry: z.union([z.string(), z.object({ after: z.string() })]).optional(),
    entry_cap: z.string().optional(),
    created_at: z.string(),
    published_at: z.string().optional(),
  })
  .openapi('Version');

const ofJourney = z.object({ journey: idParam('welcome') });
const ofVersion = ofJourney.extend({ version: z.coerce.number().int().min(1) });
const drawn = z.strictObject({ graph: jsonObject });

/** Settings are read by the engine, which tells everything that is wrong with them and with the graph at once. */
const toPublish = drawn.partial().extend({
  frequency_caps: drawnCaps.optional(),
  reentry: z.unknown().optional().openapi({
    description:
      'When a customer may come back: "after_completion" (default), "never", or {"after": "7d"}.',
    example: 'after_completion',
  }),
  entry_cap: z.unknown().optional().openapi({
    description:
      'Whom exhausted caps of this journey turn away: "none" (default), "requests" (429), or "all", events included.',
    example: 'none',
  }),
});

const getJourneys = createRoute({
  method: 'get',
  path: '/v1/journeys',
  summary: 'Every journey',
  responses: {
    200: {
      description: 'The journeys.',
      content: json(z.object({ journeys: z.array(journeySchema) })),
    },
    ...errors(),
  },
});

const getJourney = createRoute({
  method: 'get',
  path: '/v1/journeys/{journey}',
  summary: 'Read a journey',
  request: { params: ofJourney },
  responses: { 200: { description: 'As it is.', content: json(journeySchema) }, ...errors(404) },
});

const putDraft = createRoute({
  method: 'put',
  path: '/v1/journeys/{journey}/draft',
  summary: 'Keep a graph as draft, valid or not',
  request: { params: ofJourney, body: { required: true, content: json(drawn) } },
  responses: { 200: { description: 'Kept.', content: json(versionSchema) }, ...errors(422) },
});

const postPublish = createRoute({
  method: 'post',
  path: '/v1/journeys/{journey}/publish',
  summary: 'Publish a graph, or the draft when none is given, as the version that new entries use',
  request: { params: ofJourney, body: { content: json(toPublish) } },
  responses: {
    201: {
      description: 'Published.',
      content: json(z.object({ version: z.number().int(), warnings: problems })),
    },
    ...errors(404, 422),
  },
});

const getVersions = createRoute({
  method: 'get',
  path: '/v1/journeys/{journey}/versions',
  summary: 'Versions of a journey, oldest first',
  request: { params: ofJourney },
  responses: {
    200: {
      description: 'The versions.',
      content: json(z.object({ versions: z.array(versionSchema) })),
    },
    ...errors(404),
  },
});

const getVersion = createRoute({
  method: 'get',
  path: '/v1/journeys/{journey}/versions/{version}',
  summary: 'Read one version',
  request: { params: ofVersion },
  responses: { 200: { description: 'The version.', content: json(versionSchema) }, ...errors(404) },
});

const getMachine = createRoute({
  method: 'get',
  path: '/v1/journeys/{journey}/versions/{version}/state-machine',
  summary: 'The state machine that a version was compiled to (Amazon States Language)',
  request: { params: ofVersion },
  responses: { 200: { description: 'The definition.', content: json(jsonObject) }, ...errors(404) },
});

export function addJourneyRoutes(
  app: OpenAPIHono<{ Variables: ApiVariables }>,
  ctx: EngineContext,
): void {
  app.openapi(getJourneys, async (c) => {
    const journeys = await listJourneys(ctx, c.get('tenant'));
    return c.json({ journeys: journeys.map(journeyBody) }, 200);
  });
  app.openapi(getJourney, async (c) => {
    const journey = await readJourney(ctx, { tenant: c.get('tenant'), ...c.req.valid('param') });
    return c.json(journeyBody(journey), 200);
  });
  app.openapi(putDraft, async (c) => {
    const graph: JsonObject = c.req.valid('json').graph;
    const of = { tenant: c.get('tenant'), ...c.req.valid('param') };
    return c.json(versionBody(await saveDraft(ctx, { ...of, graph })), 200);
  });
  app.post('/v1/journeys/:journey/publish', allowNoBody());
  app.openapi(postPublish, async (c) => {
    const { graph, ...settings } = c.req.valid('json');
    const of = { tenant: c.get('tenant'), ...c.req.valid('param'), settings };
    const answer = await publish(ctx, { ...of, ...(graph === undefined ? {} : { graph }) });
    return c.json({ ...answer, warnings: [...answer.warnings] }, 201);
  });
  app.openapi(getVersions, async (c) => {
    const versions = await listVersions(ctx, { tenant: c.get('tenant'), ...c.req.valid('param') });
    return c.json({ versions: versions.map(versionBody) }, 200);
  });
  app.openapi(getVersion, async (c) => {
    const version = await readVersion(ctx, { tenant: c.get('tenant'), ...c.req.valid('param') });
    return c.json(versionBody(version), 200);
  });
  app.openapi(getMachine, async (c) => {
    const of = { tenant: c.get('tenant'), ...c.req.valid('param') };
    return c.json({ ...(await readDefinition(ctx, of)) }, 200);
  });
}

function versionBody(stored: JourneyVersion): z.infer<typeof versionSchema> {
  const { version, status, graph, settings, createdAt, publishedAt } = stored;
  return {
    version,
    status,
    graph: { ...graph },
    ...(settings === undefined ? {} : settingsBody(settings)),
    created_at: spellInstant(createdAt),
    ...(publishedAt === undefined ? {} : { published_at: spellInstant(publishedAt) }),
  };
}

function settingsBody(
  settings: JourneySettings,
): Pick<z.infer<typeof versionSchema>, 'frequency_caps' | 'reentry' | 'entry_cap'> {
  const { frequency_caps: caps, ...rest } = drawSettings(settings);
  return { frequency_caps: [...caps], ...rest };
}
