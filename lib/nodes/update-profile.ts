/** `update_profile`: writes facts into the customer's profile, for this and every other journey. */
import { z } from 'zod';
import { jsonObjectField } from '../journey/schema-field.ts';
import type { Json, JsonObject } from '../json.ts';
import { needsOf } from './needs-of.ts';
import { nodeType, type Outcome, type RunContext } from './node-type.ts';
import { renderJson, textsIn } from './templates/rendered-json.ts';
import { templateProblems, templateRoots } from './templates/template.ts';

const fieldsMax = 50;

const config = z.strictObject({
  fields: jsonObjectField.superRefine((fields, context) => {
    const entries = Object.entries(fields);
    const report = (message: string, ...path: string[]): void =>
      context.addIssue({ code: 'custom', message, path });
    if (entries.length === 0) report('must name at least one field');
    if (entries.length > fieldsMax) report(`must not name more than ${fieldsMax} fields`);
    for (const [field, value] of entries) {
      if (!isProfileField(field)) report(fieldWording, field);
      if (isContactField(field) && typeof value !== 'string') report('must be a text', field);
      for (const problem of textsIn(value).flatMap(templateProblems)) report(problem, field);
    }
  }),
});

type Config = z.infer<typeof config>;

/** `{ "fields": { "properties.plan": "pro", "properties.score": "{{ event.score }}", "preferences.sms": false } }` */
export const updateProfile = nodeType<Config>({
  type: 'update_profile',
  category: 'data',
  set: 'core',
  summary: 'Changes what is known about the customer.',
  config,
  needs: ({ fields }) =>
    needsOf(new Set(textsIn(fields).flatMap((text) => [...templateRoots(text)]))),
  run: ({ fields }, ctx) => change(fields, ctx),
});

const contactFields = ['email', 'phone', 'name'];

function isContactField(field: string): boolean {
  return contactFields.includes(field);
}

/** Names that would reach into the objects of the program when properties are merged key by key are no names of properties. */
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

function isProfileField(field: string): boolean {
  const [map, ...keys] = field.split('.');
  if (map !== 'properties' && map !== 'preferences') return isContactField(field);
  return keys.length > 0 && keys.every((key) => key.trim() !== '' && !forbiddenKeys.has(key));
}

const fieldWording =
  'is not a field of profiles: only email, phone, name, properties.* and preferences.* are';

function change(fields: JsonObject, ctx: RunContext): Outcome {
  const rendered = renderJson(fields, ctx);
  if ('problem' in rendered) {
    return { kind: 'failed', code: 'template.failed', detail: rendered.problem, retryable: false };
  }
  const changes = Object.fromEntries(
    Object.entries(rendered.value as JsonObject).flatMap(([field, value]): [string, Json][] =>
      value === undefined ? [] : [[field, asField(field, value)]],
    ),
  );
  return {
    kind: 'completed',
    result: { fields: changes },
    effects: [{ kind: 'change_profile', fields: changes }],
    notes: rendered.missing.map((path) => `${path} is not set, so its place is empty`),
  };
}

/** E-mail, phone and name are texts, whatever a template makes of them. */
function asField(field: string, value: Json): Json {
  return isContactField(field) && typeof value !== 'string' ? JSON.stringify(value) : value;
}
