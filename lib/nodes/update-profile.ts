/** `update_profile`: writes facts into the customer's profile, for this and every other journey. */
import { z } from 'zod';
import { jsonObjectField } from '../journey/schema-field.ts';
import type { Json, JsonObject } from '../json.ts';
import { needsOf } from './needs-of.ts';
import { nodeType, type Outcome, type RunContext } from './node-type.ts';
import { renderValue, templateProblems, templateRoots } from './template.ts';

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

function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value as Readonly<Record<string, Json | undefined>>).flatMap(textsIn);
}

function change(fields: JsonObject, { facts, now }: RunContext): Outcome {
  const missing = new Set<string>();
  const problems: string[] = [];
  const render = (template: string): Json => {
    const rendered = renderValue(template, { facts, now });
    if ('problem' in rendered) {
      problems.push(rendered.problem);
      return '';
    }
    for (const path of rendered.missing) missing.add(path);
    return rendered.value;
  };
  const changed = Object.entries(fields).flatMap(([field, value]): [string, Json][] =>
    value === undefined ? [] : [[field, asField(field, mapTexts(value, render))]],
  );
  const [problem] = problems;
  if (problem !== undefined) {
    return { kind: 'failed', code: 'template.failed', detail: problem, retryable: false };
  }
  const changes = Object.fromEntries(changed);
  return {
    kind: 'completed',
    result: { fields: changes },
    effects: [{ kind: 'change_profile', fields: changes }],
    notes: [...missing].map((path) => `${path} is not set, so its place is empty`),
  };
}

/** E-mail, phone and name are texts, whatever a template makes of them. */
function asField(field: string, value: Json): Json {
  return isContactField(field) && typeof value !== 'string' ? JSON.stringify(value) : value;
}

function mapTexts(value: Json, render: (text: string) => Json): Json {
  if (typeof value === 'string') return render(value);
  if (Array.isArray(value)) return value.map((item: Json) => mapTexts(item, render));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Readonly<Record<string, Json>>;
  return Object.fromEntries(
    Object.entries(object).map(([key, item]) => [key, mapTexts(item, render)]),
  );
}
