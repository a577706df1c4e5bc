/**
 * Building blocks of configuration schemas: fields that read our own small languages (durations, rules, filters) inside a zod
 * schema, so that each reports its mistakes at its own place.
 */
import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../json.ts';
import { cronProblem } from './cron.ts';
import { parseDuration } from './duration.ts';
import { idBytes, idBytesMax } from './id-size.ts';
import { parseFilter, parseRule, type ParsedRule } from './parse-rule.ts';
import { isPlainJson } from './plain-json.ts';
import type { Rule } from './rule.ts';
import { wordings } from './schema-problems.ts';

/** One line of text without blanks around it, 1 to 200 characters unless told otherwise. */
export function nameField(charactersMax = 200): z.ZodType<string> {
  return z
    .string()
    .min(1)
    .max(charactersMax)
    .refine((text) => text === '' || !/^\s|\s$|\p{Cc}/u.test(text), {
      message: 'must be one line of text without blanks around it',
    })
    .refine((text) => text.isWellFormed(), { message: 'must be valid Unicode' });
}

/** What keys of the table are made of: the name of something that is looked up. */
export function idField(): z.ZodType<string> {
  return nameField().refine((id) => idBytes(id) <= idBytesMax, {
    message: `must be at most ${idBytesMax} bytes long`,
  });
}

/** A duration such as `3d`; gives milliseconds. */
export const durationMsField: z.ZodType<number> = z.unknown().transform((input, context) => {
  if (input === undefined) return refuse(context, 'is required');
  const duration = parseDuration(input);
  return 'ms' in duration ? duration.ms : refuse(context, duration.problem);
});

/** A schedule such as `0 9 * * MON-FRI`. */
export const cronField: z.ZodType<string> = z.unknown().transform((input, context) => {
  const problem = input === undefined ? 'is required' : cronProblem(input);
  return problem === undefined ? (input as string) : refuse(context, problem);
});

/** A condition over the facts of an instance. */
export const ruleField: z.ZodType<Rule> = z
  .unknown()
  .transform((input, context) => ruleOf(parseRule(input), context));

/** A filter over the data of an event. */
export const filterField: z.ZodType<Rule> = z
  .unknown()
  .transform((input, context) => ruleOf(parseFilter(input), context));

/** Deeper JSON is refused: everything that reads it may recurse. */
const depthMax = 20;

/** Any JSON object of bounded depth, kept as it is. */
export const jsonObjectField: z.ZodType<JsonObject> = z.custom<JsonObject>(
  (input) => isJsonObject(input) && isPlainJson(input, depthMax),
  { message: `must be a JSON object, nested at most ${depthMax} levels deep` },
);

/** Reads the input by the schema that fits its shape, and reports in the words of that schema. */
export function shapedField<Output>(
  schemaFor: (input: unknown) => z.ZodType<Output>,
): z.ZodType<Output> {
  return z.unknown().transform((input, context) => {
    const parsed = schemaFor(input).safeParse(input);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) {
      for (const message of wordings(issue, input)) {
        context.addIssue({ code: 'custom', message, path: [...issue.path] });
      }
    }
    return z.NEVER;
  });
}

type TransformContext = z.core.$RefinementCtx;

function ruleOf(parsed: ParsedRule, context: TransformContext): Rule {
  if ('rule' in parsed) return parsed.rule;
  for (const { path, message } of parsed.problems) {
    context.addIssue({ code: 'custom', message, path: [...path] });
  }
  return z.NEVER;
}

function refuse(context: TransformContext, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}
