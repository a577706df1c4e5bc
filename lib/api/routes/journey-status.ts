/** What is done to a whole journey: pause and resume it, or everybody in it; archive it; delete a draft. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import {
  archiveJourney,
  deleteJourney,
  pauseJourney,
  resumeJourney,
} from '../../engine/journeys/change-journey.ts';
import {
  pauseInstances,
  resumeInstances,
  type Changed,
} from '../../engine/instances/change-instances.ts';
import type { EngineContext } from '../../engine/engine-context.ts';
import type { ApiVariables } from '../api-keys.ts';
import { journeyBody, journeySchema } from '../journey-body.ts';
import { errors, idParam, json } from '../route-parts.ts';

const params = z.object({ journey: idParam('welcome') });
const asItIsNow = { description: 'As it is now.', content: json(journeySchema) };

const changed = z
  .object({
    changed: z.number().int(),
    skipped: z.number().int().openapi({
      description: 'Live instances that were as wanted already, or ended meanwhile.',
    }),
  })
  .openapi('ChangedInstances');

const postPause = createRoute({
  method: 'post',
  path: '/v1/journeys/{journey}/pause',
  summary: 'Take nobody in until the journey is resumed; whoever is in it goes on',
  request: { params },
  responses: { 200: asItIsNow, ...errors(404, 422) },
});

const postResume = createRoute({
  method: 'post',
  path: '/v1/journeys/{journey}/resume',
  summary: 'Take customers in again',
  request: { params },
  responses: { 200: asItIsNow, ...errors(404, 422) },
});

const postArchive = createRoute({
  method: 'post',
  path: '/v1/journeys/{journey}/archive',
  summary: 'Close the journey for good; whoever is in it goes on to the end, or is taken out',
  request: {
    params,
    query: z.strictObject({
      exit_instances: z.enum(['true', 'false']).default('false').openapi({
        description: 'Take everybody out with journey_archived; may be asked again later.',
      }),
    }),
  },
  responses: {
    200: {
      description: 'Archived.',
      content: json(z.object({ journey: journeySchema, exited: z.number().int() })),
    },
    ...errors(404, 422),
  },
});

const deleteDraft = createRoute({
  method: 'delete',
  path: '/v1/journeys/{journey}',
  summary: 'Delete a journey that was never published',
  request: { params },
  responses: {
    200: { description: 'As it was.', content: json(journeySchema) },
    ...errors(404, 422),
  },
});

const postPauseInstances = createRoute({
  method: 'post',
  path: '/v1/journeys/{journey}/instances/pause',
  summary: 'Pause everybody who is in the journey',
  request: { params },
  responses: {
    200: { description: 'How many.', content: json(changed) },
    ...errors(404),
  },
});

const postResumeInstances = createRoute({
  method: 'post',
  path: '/v1/journeys/{journey}/instances/resume',
  summary: 'Resume everybody who is paused in the journey',
  request: { params },
  responses: {
    200: { description: 'How many.', content: json(changed) },
    ...errors(404),
  },
});

export function addJourneyStatusRoutes(
  app: OpenAPIHono<{ Variables: ApiVariables }>,
  ctx: EngineContext,
): void {
  app.openapi(postPause, async (c) => {
    const journey = await pauseJourney(ctx, { tenant: c.get('tenant'), ...c.req.valid('param') });
    return c.json(journeyBody(journey), 200);
  });
  app.openapi(postResume, async (c) => {
    const journey = await resumeJourney(ctx, { tenant: c.get('tenant'), ...c.req.valid('param') });
    return c.json(journeyBody(journey), 200);
  });
  app.openapi(postArchive, async (c) => {
    const exitInstances = c.req.valid('query').exit_instances === 'true';
    const of = { tenant: c.get('tenant'), ...c.req.valid('param'), exitInstances };
    const { journey, exited } = await archiveJourney(ctx, of);
    return c.json({ journey: journeyBody(journey), exited }, 200);
  });
  app.openapi(deleteDraft, async (c) => {
    const journey = await deleteJourney(ctx, { tenant: c.get('tenant'), ...c.req.valid('param') });
    return c.json(journeyBody(journey), 200);
  });
  app.openapi(postPauseInstances, async (c) => {
    const of = { tenant: c.get('tenant'), ...c.req.valid('param') };
    return c.json(changedBody(await pauseInstances(ctx, of)), 200);
  });
  app.openapi(postResumeInstances, async (c) => {
    const of = { tenant: c.get('tenant'), ...c.req.valid('param') };
    return c.json(changedBody(await resumeInstances(ctx, of)), 200);
  });
}

function changedBody({ changed: count, skipped }: Changed): z.infer<typeof changed> {
  return { changed: count, skipped };
}
