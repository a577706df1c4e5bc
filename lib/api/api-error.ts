/** Every error leaves the API as `{error: {code, message, problems?}}`; only here a code becomes an HTTP status (semantics 3.2). */
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { KalciferError, type Problem } from '../kalcifer-error.ts';

interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly problems?: readonly Problem[];
  };
}

type Status = 400 | 401 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;

const statuses: Readonly<Record<string, Status>> = {
  'input.invalid': 400,
  'body.malformed': 400,
  'key.missing': 401,
  'key.unknown': 401,
  'callback.signature': 401,
  'webhook.signature': 401,
  'body.too_large': 413,
  'journey.too_large': 413,
  'body.media_type': 415,
  'route.method': 405,
  'route.unknown': 404,
  'customer.unknown': 404,
  'delivery.unknown': 404,
  'instance.unknown': 404,
  'journey.unknown': 404,
  'journey.version_unknown': 404,
  'message.unknown': 404,
  'template.unknown': 404,
  'secret.unknown': 404,
  'webhook.unknown': 404,
  'instance.already_in_journey': 409,
  'instance.invalid_transition': 409,
  'instance.reentry_refused': 409,
  'caps.invalid': 422,
  'journey.archived': 422,
  'journey.entry_unknown': 422,
  'journey.invalid': 422,
  'journey.invalid_transition': 422,
  'journey.no_draft': 422,
  'journey.not_active': 422,
  'journey.not_deployed': 409,
  'machines.limit': 409,
  'machines.too_large': 422,
  'segment.invalid': 422,
  'segment.in_use': 409,
  'segment.unknown': 404,
  'template.invalid': 422,
  'customer.capped': 429,
  'table.unavailable': 503,
  'executions.unavailable': 503,
};

const retryAfterSeconds = '1';

/** @param report hears of every error that is not the caller's; the caller is told nothing of its text */
export function answerError(
  c: Context,
  error: unknown,
  report: (error: unknown) => void,
): Response {
  if (error instanceof KalciferError) {
    const status = statuses[error.code];
    if (status !== undefined) {
      if (status === 503) c.header('Retry-After', retryAfterSeconds);
      return c.json(errorBody(error.code, error.message, error.problems), status);
    }
  }
  if (error instanceof Error && error.name === 'Kalcifer.TryAgain') {
    c.header('Retry-After', retryAfterSeconds);
    return c.json(errorBody('busy', 'Too much happens to this at once; try again.'), 503);
  }
  // A body that is there but malformed has been refused before: what is left is a body that is missing.
  if (error instanceof HTTPException && error.status === 400) {
    return c.json(errorBody('body.malformed', 'The body is empty; send a JSON object.'), 400);
  }
  report(error);
  return c.json(errorBody('internal', 'Something went wrong here; it has been reported.'), 500);
}

function errorBody(code: string, message: string, problems?: readonly Problem[]): ErrorBody {
  return { error: { code, message, ...(problems === undefined ? {} : { problems }) } };
}
