/** Random state machines: up to four states in a row, any of which may be a Parallel state with branches of the same kind. */
import fc from 'fast-check';
import type { Json, JsonObject } from '../../../lib/json.ts';

/**
 * @param leaf states of any type but Parallel, without `Next`
 * @param recovery what a Parallel state has besides its branches; a catcher's `Next` is `End`
 */
export function randomMachine(
  leaf: fc.Arbitrary<JsonObject>,
  recovery: fc.Arbitrary<JsonObject>,
): fc.Arbitrary<JsonObject> {
  const { scope } = fc.letrec<{ state: JsonObject; scope: JsonObject }>((tie) => ({
    state: fc.oneof({ maxDepth: 2, withCrossShrink: true }, leaf, {
      weight: 1,
      arbitrary: fc
        .tuple(fc.array(tie('scope'), { minLength: 1, maxLength: 3 }), recovery)
        .map(([Branches, retry]) => ({
          Type: 'Parallel',
          Branches,
          ResultPath: '$.both',
          ...retry,
        })),
    }),
    scope: fc.array(tie('state'), { minLength: 1, maxLength: 4 }).map(chain),
  }));
  return scope.map((drawn) => named(drawn, ''));
}

/** States one after the other, and one at the end. Names are made unique later. */
function chain(states: readonly JsonObject[]): JsonObject {
  const entries = states.map((state, at) => [
    `S${at}`,
    { ...state, Next: at + 1 < states.length ? `S${at + 1}` : 'End' },
  ]);
  return {
    StartAt: 'S0',
    States: Object.fromEntries([...entries, ['End', { Type: 'Succeed' }]]) as JsonObject,
  };
}

function named(drawn: JsonObject, prefix: string): JsonObject {
  const states = Object.entries(drawn['States'] as Record<string, JsonObject>).map(
    ([name, state]) => {
      const moved: Record<string, Json> = { ...(state as Record<string, Json>) };
      if (typeof moved['Next'] === 'string') moved['Next'] = prefix + moved['Next'];
      if (Array.isArray(moved['Catch'])) {
        moved['Catch'] = (moved['Catch'] as JsonObject[]).map((one) => ({
          ...one,
          Next: `${prefix}End`,
        }));
      }
      if (Array.isArray(moved['Branches'])) {
        moved['Branches'] = (moved['Branches'] as JsonObject[]).map((branch, at) =>
          named(branch, `${prefix}${name}.${at}.`),
        );
      }
      return [prefix + name, moved];
    },
  );
  return { StartAt: `${prefix}S0`, States: Object.fromEntries(states) as JsonObject };
}
