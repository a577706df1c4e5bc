/** Refuses input that does not have the form that a route asks for: all problems at once, each with its place. */
import type { z } from '@hono/zod-openapi';
import { KalciferError, type Problem } from '../kalcifer-error.ts';

/** @throws KalciferError `input.invalid`, `body.malformed` */
export function readInput<Output>(schema: z.ZodType<Output>, body: string): Output {
  if (body.trim() === '') {
    throw new KalciferError('body.malformed', 'The body is empty; send a JSON object.');
  }
  const parsed = schema.safeParse(JSON.parse(body));
  if (parsed.success) return parsed.data;
  throw badInput(parsed.error);
}

export function badInput(error: z.ZodError): KalciferError {
  const problems = error.issues.map((issue): Problem => {
    const path = issue.path.join('.');
    return {
      code: 'input.field',
      path,
      message: `${path === '' ? 'the body' : path}: ${issue.message}`,
    };
  });
  const message = problems.map((problem) => problem.message).join('; ');
  return new KalciferError('input.invalid', `${message}.`, { problems });
}
