/**
 * Says everything that is wrong with a state machine definition before anything runs: what AWS would refuse at
 * CreateStateMachine, and what the embedded runtime does not support.
 */
import type { Json, JsonObject } from '../../../json.ts';
import { isJsonObject } from '../../../json.ts';
import type { Problem } from '../../../kalcifer-error.ts';
import { oneOf, wholeNumber } from './check-fields.ts';
import type { ObjectShape } from './check-object.ts';
import { checkObject } from './check-object.ts';
import { checkScope, scopeFields, scopeRequired } from './check-scope.ts';
import { queryLanguage, usesJsonata } from './check-state.ts';
import type { ProblemList } from './problem-list.ts';
import { note, unsupported } from './problem-list.ts';

/** AWS takes no larger definition. */
const definitionBytesMax = 1_048_576;

const machineShape: ObjectShape = {
  fields: {
    ...scopeFields,
    Version: oneOf('1.0'),
    TimeoutSeconds: wholeNumber(1),
    QueryLanguage: queryLanguage,
  },
  required: scopeRequired,
};

/**
 * Takes the definition as an object or as JSON text. `[]` when AWS would accept it and the embedded runtime can run it;
 * each problem has a `path` like `States.A.Next`.
 */
export function checkStateMachine(definition: unknown): readonly Problem[] {
  const problems: ProblemList = [];
  const parsed = readDefinition(definition, problems);
  if (parsed === undefined) return problems;
  if (Buffer.byteLength(JSON.stringify(parsed)) > definitionBytesMax) {
    note(problems, 'schema', '', `The definition is larger than ${definitionBytesMax} bytes`);
  }
  if (usesJsonata(parsed)) {
    unsupported(problems, 'QueryLanguage', 'The query language JSONata');
    return problems;
  }
  checkObject(parsed, machineShape, '', problems);
  checkScope(parsed, '', new Set(), problems);
  return problems;
}

/** Answers the definition as an object, or `undefined` after it has noted why there is none. */
export function readDefinition(definition: unknown, problems: ProblemList): JsonObject | undefined {
  const value = typeof definition === 'string' ? parseText(definition, problems) : definition;
  if (value === undefined) return undefined;
  if (isJsonObject(value)) return value;
  note(problems, 'schema', '', 'Definition must be a valid JSON object');
  return undefined;
}

function parseText(text: string, problems: ProblemList): Json | undefined {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    note(problems, 'json', '', error instanceof Error ? error.message : 'The text is not JSON');
    return undefined;
  }
}
