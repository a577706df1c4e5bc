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
function problemOf({ path, code }: z.core.$ZodIssue): Problem {
  const place = path.map(String).join('.');
  const message = `${place === '' ? 'the input' : place}: ${code}`;
  return { code: 'function.input', message, ...(place === '' ? {} : { path: place }) };
}
