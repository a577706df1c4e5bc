/** Fills the functions into a compiled machine, which names them by placeholder: `${EntryFunction}` -> the ARN of that function. */
import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { KalciferError } from '../../kalcifer-error.ts';

/** @throws KalciferError `machines.function_unknown` with every placeholder that has no function */
export function fillFunctions(
  definition: JsonObject,
  functionArns: Readonly<Record<string, string>>,
): JsonObject {
  const unknown = new Set<string>();
  const filled = fillObject(definition, (name) => {
    if (Object.hasOwn(functionArns, name)) return functionArns[name] ?? '';
    unknown.add(name);
    return '';
  });
  if (unknown.size === 0) return filled;
  throw new KalciferError(
    'machines.function_unknown',
    `There is no function for ${[...unknown].map((name) => `\${${name}}`).join(', ')}.`,
  );
}

type ArnOf = (placeholder: string) => string;

/** Only the functions that tasks call are placeholders: a node's id may look like one and is not. */
function fillObject(object: JsonObject, arnOf: ArnOf): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([field, value]) => {
      const placeholder =
        field === 'FunctionName' && typeof value === 'string'
          ? /^\$\{(\w+)\}$/.exec(value)?.[1]
          : undefined;
      return [field, placeholder === undefined ? fill(value, arnOf) : arnOf(placeholder)];
    }),
  );
}

function fill(value: Json | undefined, arnOf: ArnOf): Json | undefined {
  if (isJsonObject(value)) return fillObject(value, arnOf);
  // Lists of JSON hold no `undefined`.
  return Array.isArray(value) ? value.map((item: Json) => fill(item, arnOf) ?? null) : value;
}
