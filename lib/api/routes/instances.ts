/** Instances: enrol somebody, look at one, read its timeline, pause it, resume it, take it out. */
import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi';
import { cancel } from '../../engine/instances/cancel.ts';
import type { EngineContext } from '../../engine/engine-context.ts';
import { enrol } from '../../engine/enrolment/enrol.ts';
import { readJourney } from '../../engine/journeys/journeys.ts';
import { listJourneyInstances } from '../../engine/instances/list-instances.ts';
import { pause } from '../../engine/instances/pause.ts';
import { readInstance } from '../../engine/instances/read-instance.ts';
import { readTimeline } from '../../engine/instances/read-steps.ts';
import { resume } from '../../engine/instances/resume.ts';
import type { ApiVariables } from '../api-keys.ts';
import {
  instanceBody,
  instanceSchema,
  interventionBody,
  interventionSchema,
  stepBody,
  stepSchema,
} from '../instance-body.ts';
import { errors, idParam, idText, json, jsonObject, page } from '../route-parts.ts';

const ofJourney = z.object({ journey: idParam('welcome') });
const ofInstance = z.object({ instance: idText });

const postInstance = createRoute({
  method: 'post',
  path: '/v1/journeys/{journey}/instances',
  summary: 'Enrol a customer',
  request: {
    params: ofJourney,
    body: {
      required: true,
      content: json(
        z.strictObject({
          customer_id: idText.openapi({ example: 'c_1' }),
          entry: idText.optional().openapi({ description: 'Entry node; else the first.' }),
          context: jsonObject.optional(),
        }),
      ),
    },
  },
  responses: {
    201: { description: 'Enrolled.', content: json(z.object({ instance: z.string() })) },
    ...errors(404, 409, 422, 429),
  },
});

const getInstances = createRoute({
  method: 'get',
  path: '/v1/journeys/{journey}/instances',
  summary: 'Instances of a journey, oldest first',
  request: { params: ofJourney, query: page },
  responses: {
    200: {
      description: 'A page.',
      content: json(z.object({ instances: z.array(instanceSchema), next: z.string().optional() })),
    },
    ...errors(404),
  },
});

const getInstance = createRoute({
  method: 'get',
  path: '/v1/instances/{instance}',
  summary: 'Read an instance',
  request: { params: ofInstance },
  responses: { 200: { description: 'As it is.', content: json(instanceSchema) }, ...errors(404) },
});

const getTimeline = createRoute({
  method: 'get',
  path: '/v1/instances/{instance}/timeline',
  summary: 'What happened to this customer in this journey, and why',
  request: { params: ofInstance },
  responses: {
    200: {
      description: 'Steps in the order in which they started.',
      content: json(
        z.object({
          instance: instanceSchema,
          steps: z.array(stepSchema),
          interventions: z.array(interventionSchema),
        }),
      ),
    },
    ...errors(404),
  },
});

const postPause = commandRoute('pause', 'Let nothing begin until the instance is resumed');
const postResume = commandRoute('resume', 'Go on, with what came during the pause');
const postCancel = commandRoute('cancel', 'Take the customer out of the journey');

/** Something done to one live instance; 409 when its status does not allow it. */
function commandRoute<Name extends string>(name: Name, summary: string) {
  return createRoute({
    method: 'post',
    path: `/v1/instances/{instance}/${name}`,
    summary,
    request: { params: ofInstance },
    responses: {
      200: { description: 'As it is now.', content: json(instanceSchema) },
      ...errors(404, 409),
    },
  });
}

export function addInstanceRoutes(
  app: OpenAPIHono<{ Variables: ApiVariables }>,
  ctx: EngineContext,
): void {
  app.openapi(postInstance, async (c) => {
    const { journey } = c.req.valid('param');
    const { customer_id: customer, entry, context } = c.req.valid('json');
    const answer = await enrol(ctx, {
      tenant: c.get('tenant'),
      journey,
      customer,
      ...(entry === undefined ? {} : { entry }),
      ...(context === undefined ? {} : { context }),
    });
    return c.json(answer, 201);
  });
  app.openapi(getInstances, async (c) => {
    const of = { tenant: c.get('tenant'), ...c.req.valid('param') };
    const { limit, after } = c.req.valid('query');
    await readJourney(ctx, of);
    const answer = await listJourneyInstances(ctx, of, {
      limit,
      ...(after === undefined ? {} : { after }),
    });
    return c.json({ ...answer, instances: answer.instances.map(instanceBody) }, 200);
  });
  app.openapi(getInstance, async (c) => {
    const instance = await readInstance(ctx, { tenant: c.get('tenant'), ...c.req.valid('param') });
    return c.json(instanceBody(instance), 200);
  });
  app.openapi(getTimeline, async (c) => {
    const instance = await readInstance(ctx, { tenant: c.get('tenant'), ...c.req.valid('param') });
    const steps = await readTimeline(ctx, instance);
    return c.json(
      {
        instance: instanceBody(instance),
        steps: steps.map(stepBody),
        interventions: (instance.interventions ?? []).map(interventionBody),
      },
      200,
    );
  });
  app.openapi(postPause, async (c) => {
    const instance = await pause(ctx, { tenant: c.get('tenant'), ...c.req.valid('param') });
    return c.json(instanceBody(instance), 200);
  });
  app.openapi(postResume, async (c) => {
    const instance = await resume(ctx, { tenant: c.get('tenant'), ...c.req.valid('param') });
    return c.json(instanceBody(instance), 200);
  });
  app.openapi(postCancel, async (c) => {
    const instance = await cancel(ctx, { tenant: c.get('tenant'), ...c.req.valid('param') });
    return c.json(instanceBody(instance), 200);
  });
}
