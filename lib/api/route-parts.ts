/** What the descriptions of all routes share: the error answers, JSON bodies, and the key they ask for. */
import { z } from '@hono/zod-openapi';
import { idProblem } from '../engine/check-input.ts';

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

/** An id as the engine takes it; what is wrong with it is told under the name that it has in the API. */
export const idText = z.string().superRefine((text, context) => {
  const wrong = idProblem(text);
  if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong });
});

/** An id in the path of a route. */
export function idParam(example: string): typeof idText {
  return idText.openapi({ example });
}

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
  413: 'The body, or what it holds, is too large.',
  415: 'The body is not JSON by its header.',
  422: 'It is well formed, but cannot be done.',
  429: 'The customer has had enough messages.',
  503: 'Try again after the seconds in Retry-After.',
} as const;

/** Error answers of a route, with the ones that any route can give. */
export function errors(...statuses: (404 | 409 | 422 | 429)[]): Record<number, ErrorAnswer> {
  const all = [400, 401, 413, 415, ...statuses, 503] as const;
  return Object.fromEntries(
    all.map((status) => [status, { description: meanings[status], content: json(errorBody) }]),
  );
}

interface ErrorAnswer {
  readonly description: string;
  readonly content: { 'application/json': { schema: typeof errorBody } };
}

export const page = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(100)
    .openapi({ description: 'How many.' }),
  after: idText.optional().openapi({ description: 'Go on after this one: `next` of a page.' }),
});
