/** Refuses input that does not have the form that a route asks for: all problems at once, each with its place. */
import type { z } from '@hono/zod-openapi';
import { pathText, wordings } from '../journey/schema-problems.ts';
import { KalciferError, type Problem } from '../kalcifer-error.ts';

/** @throws KalciferError `input.invalid`, `body.malformed` */
export function readInput<Output>(schema: z.ZodType<Output>, body: string): Output {
  if (body.trim() === '') {
    throw new KalciferError('body.malformed', 'The body is empty; send a JSON object.');
  }
  const input: unknown = JSON.parse(body);
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw badInput(parsed.error, input, 'the body');
}

/**
 * What a schema refused, in the words of the rest of Kalcifer.
 *
 * @param input what was refused
 * @param whole what the input as a whole is called: `the body`
 */
export function badInput(error: z.ZodError, input: unknown, whole: string): KalciferError {
  const problems = error.issues.flatMap((issue): readonly Problem[] => {
    const path = pathText('', issue.path);
    return wordings(issue, input).map((wording) => ({
      code: 'input.field',
      ...(path === '' ? {} : { path }),
      message: `${path === '' ? whole : path} ${wording}`,
    }));
  });
  const message = problems.map((problem) => problem.message).join('; ');
  return new KalciferError('input.invalid', `${message}.`, { problems });
}
