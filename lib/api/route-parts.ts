/** What the descriptions of all routes share: the error answers, JSON bodies, and the key they ask for. */
import { z } from '@hono/zod-openapi';

const problem = z
  .object({
    code: z.string(),
    message: z.string(),
    node: z.string().optional(),
    edge: z.string().optional(),
    path: z.string().optional(),
    hint: z.string().optional(),
  })
  .openapi('Problem');

const errorBody = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      problems: z.array(problem).optional(),
    }),
  })
  .openapi('Error');

export const problems = z.array(problem);

export const jsonObject = z.record(z.string(), z.any());

export function json<Schema extends z.ZodType>(
  schema: Schema,
): { 'application/json': { schema: Schema } } {
  return { 'application/json': { schema } };
}

const meanings = {
  400: 'The request is malformed; nothing was stored.',
  401: 'The API key is missing or unknown.',
  404: 'It does not exist, or belongs to another tenant.',
  409: 'It contradicts what is there.',
  413: 'The body is too large.',
  422: 'It is well formed, but cannot be done.',
  429: 'The customer has had enough messages.',
  503: 'Try again after the seconds in Retry-After.',
} as const;

/** Error answers of a route, with the ones that any route can give. */
export function errors(...statuses: (404 | 409 | 422 | 429)[]): Record<number, ErrorAnswer> {
  const all = [400, 401, 413, ...statuses, 503] as const;
  return Object.fromEntries(
    all.map((status) => [status, { description: meanings[status], content: json(errorBody) }]),
  );
}

interface ErrorAnswer {
  readonly description: string;
  readonly content: { 'application/json': { schema: typeof errorBody } };
}

export const page = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(100)
    .openapi({ description: 'How many.' }),
  after: z.string().optional().openapi({ description: 'Go on after this one: `next` of a page.' }),
});

/** Times leave the API as ISO 8601 in UTC. */
export function iso(instant: number): string {
  return new Date(instant).toISOString();
}
