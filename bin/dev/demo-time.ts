/** Demo time: a journey whose waits are shortened, so that days can be watched as seconds. */
import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { parseDuration } from '../../lib/journey/duration.ts';

/** A day of the journey lasts this long on the screen. */
export const dayOnScreenMs = 1_000;

const dayMs = 86_400_000;

/** The graph with every duration and timeout shortened: `3d` -> `3000ms`. */
export function inDemoTime(graph: JsonObject): JsonObject {
  return shorten(graph) as JsonObject;
}

function shorten(value: Json, key?: string): Json {
  if (Array.isArray(value)) return value.map((one: Json) => shorten(one));
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, shorten(one ?? null, name)]),
    );
  }
  if (key !== 'timeout' && key !== 'duration') return value;
  const parsed = parseDuration(value);
  if ('problem' in parsed) return value;
  return `${Math.max(1, Math.round((parsed.ms / dayMs) * dayOnScreenMs))}ms`;
}
