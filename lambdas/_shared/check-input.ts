/** Checks what a function is called with. What is wrong is told by its place and kind, never by its value. */
import type { z } from 'zod';
import { KalciferError, type Problem } from '../../lib/kalcifer-error.ts';

const problemsToldMax = 20;

/** @throws KalciferError `function.input` with every problem */
export function checkInput<Input>(schema: z.ZodType<Input>, given: unknown): Input {
  const checked = schema.safeParse(given);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.slice(0, problemsToldMax).map(problemOf);
  throw new KalciferError(
    'function.input',
    `This is not what the function is called with: ${problems.map(({ message }) => message).join('; ')}.`,
    { problems },
  );
}

/** zod's own words may repeat names that somebody sent. */
function problemOf(issue: z.core.$ZodIssue): Problem {
  const path = issue.path.map(String).join('.');
  return { code: 'function.input', message: wordsFor(issue), ...(path === '' ? {} : { path }) };
}

/** `detail.customer: invalid_type`; for one of several forms, what keeps it from being each of them. */
function wordsFor(issue: z.core.$ZodIssue, above: z.core.$ZodIssue['path'] = []): string {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return issue.errors
      .map((issues) => issues.map((inner) => wordsFor(inner, path)).join(' and '))
      .join(', or ');
  }
  return `${path.length === 0 ? 'the input' : path.map(String).join('.')}: ${issue.code}`;
}
