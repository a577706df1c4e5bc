/** How an instance and its steps look from outside. */
import { z } from '@hono/zod-openapi';
import type { TimelineStep } from '../engine/instances/read-steps.ts';
import type { Instance, Intervention } from '../engine/records/instance.ts';
import { spellInstant } from '../journey/instant.ts';
import { jsonObject } from './route-parts.ts';

export const instanceSchema = z
  .object({
    id: z.string(),
    journey: z.string(),
    version: z.number().int(),
    customer_id: z.string(),
    status: z.enum(['pending', 'running', 'waiting', 'paused', 'completed', 'failed', 'exited']),
    exit_reason: z.string().optional(),
    positions: z.array(z.string()).openapi({ description: 'Nodes where the customer is now.' }),
    deadlines: z.record(z.string(), z.string()).openapi({ description: 'When each wait ends.' }),
    entered_at: z.string(),
    completed_at: z.string().optional(),
  })
  .openapi('Instance');

export const stepSchema = z
  .object({
    node: z.string(),
    type: z.string(),
    status: z.enum(['waiting', 'sending', 'retrying', 'completed', 'failed', 'cancelled']),
    branch: z.string().optional(),
    result: jsonObject.optional(),
    reason: z.string().openapi({ description: 'Why it went this way, in plain words.' }),
    notes: z.array(z.string()).openapi({ description: 'What the node itself noted.' }),
    delivery: z
      .object({
        channel: z.string(),
        status: z
          .enum([
            'sending',
            'retrying',
            'sent',
            'failed',
            'skipped',
            'capped',
            'unknown',
            'delivered',
            'bounced',
          ])
          .openapi({ description: 'What is known of the message, the provider included.' }),
        detail: z.string().optional(),
        reported_at: z.string().optional().openapi({ description: 'When the provider said so.' }),
      })
      .optional(),
    conversion: z
      .object({ name: z.string(), value: z.number().optional(), metadata: jsonObject.optional() })
      .optional(),
    version: z.number().int(),
    started_at: z.string(),
    ended_at: z.string().optional(),
  })
  .openapi('Step');

export const interventionSchema = z
  .object({
    kind: z.enum(['paused', 'held', 'resumed', 'exited']),
    at: z.string(),
    note: z.string().openapi({ description: 'Why, in plain words.' }),
  })
  .openapi('Intervention', { description: 'What was done to the instance from outside.' });

export function interventionBody({
  kind,
  at,
  note,
}: Intervention): z.infer<typeof interventionSchema> {
  return { kind, at: spellInstant(at), note };
}

export function instanceBody(instance: Instance): z.infer<typeof instanceSchema> {
  const { id, journey, version, customer, status, exitReason, completedAt, tokens } = instance;
  const deadlines = tokens.flatMap(({ node, wait }) =>
    wait === undefined ? [] : [[node, spellInstant(wait.deadline)]],
  );
  return {
    id,
    journey,
    version,
    customer_id: customer,
    status,
    ...(exitReason === undefined ? {} : { exit_reason: exitReason }),
    positions: tokens.map(({ node }) => node),
    deadlines: Object.fromEntries(deadlines) as Record<string, string>,
    entered_at: spellInstant(instance.enteredAt),
    ...(completedAt === undefined ? {} : { completed_at: spellInstant(completedAt) }),
  };
}

export function stepBody(step: TimelineStep): z.infer<typeof stepSchema> {
  const { node, type, status, branch, result, notes, send, conversion, version } = step;
  return {
    node,
    type,
    status,
    ...(branch === undefined ? {} : { branch }),
    ...(result === undefined ? {} : { result }),
    reason: step.reason,
    notes: [...(notes ?? [])],
    ...(send === undefined
      ? {}
      : {
          delivery: {
            channel: send.channel,
            status: send.status,
            ...(send.detail === undefined ? {} : { detail: send.detail }),
            ...(send.reportedAt === undefined
              ? {}
              : { reported_at: spellInstant(send.reportedAt) }),
          },
        }),
    ...(conversion === undefined ? {} : { conversion: { ...conversion } }),
    version,
    started_at: spellInstant(step.startedAt),
    ...(step.endedAt === undefined ? {} : { ended_at: spellInstant(step.endedAt) }),
  };
}
