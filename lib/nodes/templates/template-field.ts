/** A Liquid text inside a node's configuration, checked when the journey is published. */
import { z } from 'zod';
import { templateProblems } from './template.ts';

/** A template of 1 to `charactersMax` characters. */
export function templateField(charactersMax: number): z.ZodType<string> {
  return z
    .string()
    .min(1)
    .max(charactersMax)
    .superRefine((template, context) => {
      for (const message of templateProblems(template)) {
        context.addIssue({ code: 'custom', message });
      }
    });
}
