/** Checks of payload templates: every field whose name ends in `.$` must hold a path or an intrinsic function. */
import type { Json } from '../../../json.ts';
import { isJsonObject } from '../../../json.ts';
import type { FieldCheck } from './check-fields.ts';
import { expression, jsonObject } from './check-fields.ts';
import type { ProblemList } from './problem-list.ts';
import { at } from './problem-list.ts';

export const template: FieldCheck = (value, path, problems) => {
  jsonObject(value, path, problems);
  checkPart(value, path, problems);
};

function checkPart(value: Json, path: string, problems: ProblemList): void {
  if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly Json[]).entries()) {
      checkPart(item, `${path}[${index}]`, problems);
    }
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [name, field] of Object.entries(value)) {
    const check = name.endsWith('.$') ? expression : checkPart;
    check(field ?? null, at(path, name), problems);
  }
}
