/** `track_conversion`: counts something that was reached on the way, with what it was worth, and lets the journey go on. */
import { z } from 'zod';
import { jsonObjectField, nameField } from '../journey/schema-field.ts';
import type { Json, JsonObject } from '../json.ts';
import { needsOf } from './needs-of.ts';
import { nodeType, type Outcome, type RunContext } from './node-type.ts';
import { renderJson, textsIn } from './templates/rendered-json.ts';
import { templateField } from './templates/template-field.ts';
import { templateProblems, templateRoots } from './templates/template.ts';

/** Characters of JSON: the conversion is part of the step's row. */
const metadataCharactersMax = 8_000;

const config = z.strictObject({
  event_name: nameField(),
  revenue: z.union([z.number(), templateField(1_000)]).exactOptional(),
  metadata: jsonObjectField
    .superRefine((metadata, context) => {
      const report = (message: string): void => context.addIssue({ code: 'custom', message });
      if (JSON.stringify(metadata).length > metadataCharactersMax) {
        report(`must not be longer than ${metadataCharactersMax} characters`);
      }
      for (const problem of textsIn(metadata).flatMap(templateProblems)) report(problem);
    })
    .exactOptional(),
});

type Config = z.infer<typeof config>;

/** `{ "event_name": "bought", "revenue": "{{ event.total }}", "metadata": { "plan": "{{ event.plan }}" } }` */
export const trackConversion = nodeType<Config>({
  type: 'track_conversion',
  category: 'data',
  set: 'extended',
  summary: 'Counts a conversion and goes on.',
  config,
  needs: ({ revenue, metadata }) =>
    needsOf(
      new Set(
        [...textsIn(revenue), ...textsIn(metadata)].flatMap((text) => [...templateRoots(text)]),
      ),
    ),
  run: (drawn, ctx) => count(drawn, ctx),
});

function count({ event_name: name, revenue, metadata }: Config, ctx: RunContext): Outcome {
  const drawn: JsonObject = {
    ...(revenue === undefined ? {} : { revenue }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  const rendered = renderJson(drawn, ctx);
  if ('problem' in rendered) {
    return { kind: 'failed', code: 'template.failed', detail: rendered.problem, retryable: false };
  }
  const found = rendered.value as { readonly revenue?: Json; readonly metadata?: JsonObject };
  const value = amountOf(found.revenue);
  const facts = {
    ...(value === undefined ? {} : { value }),
    ...(found.metadata === undefined ? {} : { metadata: found.metadata }),
  };
  return {
    kind: 'completed',
    result: { conversion: name, ...facts },
    effects: [{ kind: 'convert', name, ...facts }],
    notes: [
      ...rendered.missing.map((path) => `${path} is not set, so its place is empty`),
      ...(found.revenue !== undefined && value === undefined
        ? ['the revenue is not a number, so the conversion has none']
        : []),
    ],
  };
}

/** A template gives a text where its facts are texts: `"49.90"` is an amount, `""` and `"a lot"` are not. */
function amountOf(revenue: Json | undefined): number | undefined {
  if (typeof revenue === 'number') return revenue;
  return typeof revenue === 'string' && amountPattern.test(revenue) ? Number(revenue) : undefined;
}

const amountPattern = /^-?\d{1,15}(\.\d{1,15})?$/;
