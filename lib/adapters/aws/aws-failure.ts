/**
 * What a failed call to AWS means to whoever made it: whether AWS may have done it, and whether to call again. The words of an error
 * are left behind, because they may repeat what was sent: tokens, addresses, texts.
 */

export interface AwsFailure {
  readonly kind:
    /** AWS will not do it: the call is wrong or not allowed. */
    | 'refused'
    /** AWS has not done it, for now: too many calls, or it is not ready. */
    | 'busy'
    /** AWS broke while it was at it: nobody knows whether it is done. */
    | 'broken'
    /** The connection ended without an answer: nobody knows whether it is done. */
    | 'silent'
    /** There was no connection: AWS knows nothing of the call. */
    | 'unreached'
    /** The call was not made: no credentials, no Region, or a mistake of ours. */
    | 'unsent';
  /** The error's name without `Exception`: `TaskTimedOut`, `Throttling`, `ECONNRESET`. */
  readonly name: string;
  /** The name, and the number under which AWS knows the request. */
  readonly what: string;
}

export function awsFailure(error: unknown): AwsFailure {
  const thrown = (error ?? {}) as Thrown;
  const status = thrown.$metadata?.httpStatusCode;
  const name = nameOf(thrown);
  const request = thrown.$metadata?.requestId;
  const what = request === undefined ? name : `${name}, request ${request}`;
  return { kind: status === undefined ? kindUnanswered(thrown) : kindOf(name, status), name, what };
}

/** What the SDK and Node throw, as far as it is looked at. */
interface Thrown {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  /** What several attempts at connecting, one per address, came to. */
  readonly errors?: readonly unknown[];
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

function nameOf({ code, name, $metadata }: Thrown): string {
  // The code of a network error says more than its name, which is `Error`.
  const isAnswer = $metadata?.httpStatusCode !== undefined;
  const said = !isAnswer && typeof code === 'string' ? code : name;
  return typeof said === 'string' && said !== '' ? said.replace(/Exception$/, '') : 'Error';
}

function kindOf(name: string, status: number): AwsFailure['kind'] {
  if (isForNow(name) || status === 429 || status === 503) return 'busy';
  // An answer that cannot be read comes with the status of success.
  return status >= 400 && status < 500 ? 'refused' : 'broken';
}

/** Every service has its own name for it; an expired credential is fetched anew by the next call. */
function isForNow(name: string): boolean {
  return /throttl/i.test(name) || namesForNow.has(name);
}

const namesForNow: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'ExpiredToken',
  'LimitExceeded',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceeded',
  'RequestExpired',
  'RequestInTheFuture',
  'RequestLimitExceeded',
  'RequestTimeTooSkewed',
  'RequestTimeout',
  'ServiceUnavailable',
  'SlowDown',
  'TooManyRequests',
]);

function kindUnanswered(thrown: Thrown): AwsFailure['kind'] {
  if (isBeforeConnection(thrown)) return 'unreached';
  return isOurs(thrown) ? 'unsent' : 'silent';
}

function isBeforeConnection(thrown: Thrown): boolean {
  const { code, syscall, message, errors } = thrown;
  if (errors !== undefined && errors.length > 0) {
    return errors.every((one) => isBeforeConnection((one ?? {}) as Thrown));
  }
  return (
    syscall === 'connect' ||
    syscall === 'getaddrinfo' ||
    // Without a certificate that we trust, nothing is said.
    (typeof code === 'string' &&
      /^(CERT_|DEPTH_|ERR_TLS_CERT|SELF_SIGNED|UNABLE_TO_)/.test(code)) ||
    // The SDK's own timeout for connecting has neither code nor name of its own.
    (typeof message === 'string' && message.includes('did not establish a connection'))
  );
}

function isOurs({ name, message }: Thrown): boolean {
  return (
    name === 'CredentialsProviderError' ||
    name === 'TokenProviderError' ||
    message === 'Region is missing'
  );
}
