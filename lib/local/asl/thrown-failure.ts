/** What functions give, in the words of the interpreter: a throw as a failure, a result as JSON. */
import type { Json } from '../../json.ts';
import type { Failure } from './failure.ts';

/** What a function's throw means to its task: the error's `name` and `message`. */
export function thrownFailure(thrown: unknown): Failure {
  if (typeof thrown === 'object' && thrown !== null) {
    const { name, message } = thrown as { readonly name?: unknown; readonly message?: unknown };
    if (typeof name === 'string') {
      return { error: name, cause: typeof message === 'string' ? message : undefined };
    }
  }
  return { error: 'Error', cause: String(thrown) };
}

/** A function's result as the JSON that would have come over a network; no result is null. */
export function toJson(result: unknown): Json {
  return result === undefined ? null : (JSON.parse(JSON.stringify(result)) as Json);
}
