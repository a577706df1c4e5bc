/** JSON with Liquid templates in its texts, as `update_profile` and `track_conversion` take it: what it reads, and what it becomes. */
import type { Json } from '../../json.ts';
import type { RunContext } from '../node-type.ts';
import { renderValue } from './template.ts';

/** Every text of the value, however deep. */
export function textsIn(value: Json | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value as Readonly<Record<string, Json | undefined>>).flatMap(textsIn);
}

export type RenderedJson =
  | {
      readonly value: Json;
      /** Paths that had no value, so that their places are empty. */
      readonly missing: readonly string[];
    }
  | { readonly problem: string };

/** The value with each of its texts rendered; keys stay as they are. */
export function renderJson(
  value: Json,
  { facts, now }: Pick<RunContext, 'facts' | 'now'>,
): RenderedJson {
  const missing = new Set<string>();
  const problems: string[] = [];
  const rendered = mapTexts(value, (template) => {
    const answer = renderValue(template, { facts, now });
    if ('problem' in answer) {
      problems.push(answer.problem);
      return '';
    }
    for (const path of answer.missing) missing.add(path);
    return answer.value;
  });
  const [problem] = problems;
  return problem === undefined ? { value: rendered, missing: [...missing] } : { problem };
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
