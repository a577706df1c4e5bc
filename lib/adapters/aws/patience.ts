/**
 * How long a client waits for AWS, in milliseconds. The SDK itself waits for ever: a connection that died while its function was frozen
 * would be waited for until the function's own end, and what else the function had in hand would go with it.
 */

/** For calls that the SDK may repeat: three attempts are over well before a function is. */
export const patience = {
  requestHandler: {
    connectionTimeout: 2_000,
    requestTimeout: 7_000,
    throwOnRequestTimeout: true,
  },
};
