/** `Catch`: where a failure that is not retried leads, and what it hands on. */
import type { Json, JsonObject } from '../../json.ts';
import { isJsonObject } from '../../json.ts';
import { compileResultPath } from './data-flow.ts';
import type { Failure } from './failure.ts';
import { errorOutput, matchesError } from './failure.ts';
import type { ReferencePath } from './reference-path.ts';
import { putAt } from './reference-path.ts';

export interface Catcher {
  readonly errorEquals: readonly string[];
  /** `null` hands on the state's input as it was. */
  readonly resultPath: ReferencePath | null | undefined;
  readonly next: string;
}

export function compileCatch(catchers: Json | undefined): readonly Catcher[] {
  return Array.isArray(catchers) ? catchers.filter(isJsonObject).map(compileCatcher) : [];
}

function compileCatcher(catcher: JsonObject): Catcher {
  return {
    errorEquals: catcher['ErrorEquals'] as readonly string[],
    resultPath: compileResultPath(catcher['ResultPath']),
    next: catcher['Next'] as string,
  };
}

export function findCatcher(catchers: readonly Catcher[], failure: Failure): Catcher | undefined {
  return catchers.find(({ errorEquals }) => matchesError(errorEquals, failure));
}

/** The next state's input; `OutputPath` does not apply to it. `undefined` when `ResultPath` does not fit the input. */
export function caughtOutput(catcher: Catcher, failure: Failure, input: Json): Json | undefined {
  if (catcher.resultPath === null) return input;
  const output = errorOutput(failure, catcher.errorEquals);
  return catcher.resultPath === undefined ? output : putAt(catcher.resultPath, input, output);
}
