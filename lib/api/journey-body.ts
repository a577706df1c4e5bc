/** How a journey looks from outside. */
import { z } from '@hono/zod-openapi';
import type { Journey } from '../engine/records/journey.ts';
import { spellInstant } from '../journey/instant.ts';

export const journeySchema = z
  .object({
    id: z.string(),
    status: z.enum(['draft', 'active', 'paused', 'archived']),
    active_version: z.number().int().optional(),
    latest_version: z.number().int(),
    created_at: z.string(),
  })
  .openapi('Journey');

export function journeyBody(journey: Journey): z.infer<typeof journeySchema> {
  const { id, status, activeVersion, latestVersion, createdAt } = journey;
  return {
    id,
    status,
    ...(activeVersion === undefined ? {} : { active_version: activeVersion }),
    latest_version: latestVersion,
    created_at: spellInstant(createdAt),
  };
}
