/**
 * How clients that send messages are set up: a call is made once. AWS keeps no key by which it would notice a repetition, so only
 * the engine, which knows what a broken call means, may make another.
 */

export const sendOnce = {
  maxAttempts: 1,
  requestHandler: {
    // Milliseconds; all together they are over before the engine stops waiting for an answer.
    connectionTimeout: 5_000,
    requestTimeout: 20_000,
    throwOnRequestTimeout: true,
    // A connection that a function kept while it was frozen may be closed on the other side: the request then breaks off, and
    // nobody can tell whether it was heard. A new one costs milliseconds.
    httpAgent: { keepAlive: false, maxSockets: Infinity },
    httpsAgent: { keepAlive: false, maxSockets: Infinity },
  },
};
