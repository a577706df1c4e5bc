/** Says in the port's words what went wrong between us and DynamoDB. */
import { isKalciferError, KalciferError } from '../../../kalcifer-error.ts';

/** Misuse stays misuse; after everything else nothing is known to be written, and trying again is right. */
export function tableFailure(call: string, error: unknown): KalciferError {
  if (isKalciferError(error)) return error;
  const [name, message] = error instanceof Error ? [error.name, error.message] : ['Error', ''];
  if (wrongCalls.has(name)) return refusedCall(name, message, error, call);
  return new KalciferError('table.unavailable', `The table failed at ${call}: ${name}.`, {
    cause: error,
  });
}

/** The call is wrong in a way that only DynamoDB can tell, such as an item that takes too much room. */
export function refusedCall(
  code: string | undefined,
  message: string | undefined,
  cause: unknown,
  call = 'the group',
): KalciferError {
  const said = message === undefined || mayQuote.test(message) ? '' : `: ${message.trim()}`;
  return new KalciferError('table.misuse', `DynamoDB refuses ${call}: ${code ?? 'it'}${said}`, {
    cause,
  });
}

const wrongCalls: ReadonlySet<string> = new Set([
  'ValidationException',
  'ItemCollectionSizeLimitExceededException',
  'IdempotentParameterMismatchException',
]);

/** What DynamoDB quotes may be a customer's. */
const mayQuote = /['"\[{]|value:/i;
