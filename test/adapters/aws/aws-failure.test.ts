import { SendTaskSuccessCommand, SFNClient, type SFNClientConfig } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { awsFailure, type AwsFailure } from '../../../lib/adapters/aws/aws-failure.ts';
import { credentials, deadEndpoint, fakeEndpoint, type Behaviour } from './fake-endpoint.ts';

const token = 'token-that-nobody-may-see';

async function failureAt(
  endpoint: string,
  options: Partial<SFNClientConfig> = {},
): Promise<AwsFailure> {
  const client = new SFNClient({
    region: 'eu-central-1',
    credentials,
    maxAttempts: 1,
    endpoint,
    ...options,
  });
  try {
    await client.send(new SendTaskSuccessCommand({ taskToken: token, output: '{}' }));
  } catch (error) {
    return awsFailure(error);
  }
  throw new Error('The call did not fail.');
}

function answered(status: number, name: string): Behaviour {
  const body = JSON.stringify({ __type: name, message: `Value '${token}' is wrong` });
  return { status, body, headers: { 'content-type': 'application/x-amz-json-1.0' } };
}

describe('a failure that AWS answered', () => {
  it.each([
    [400, 'TaskTimedOut', 'refused', 'TaskTimedOut'],
    [400, 'ValidationException', 'refused', 'Validation'],
    [403, 'AccessDeniedException', 'refused', 'AccessDenied'],
    [400, 'ThrottlingException', 'busy', 'Throttling'],
    [400, 'KmsThrottlingException', 'busy', 'KmsThrottling'],
    [400, 'TooManyRequestsException', 'busy', 'TooManyRequests'],
    [403, 'RequestThrottled', 'busy', 'RequestThrottled'],
    [400, 'EC2ThrottledException', 'busy', 'EC2Throttled'],
    [400, 'BandwidthLimitExceeded', 'busy', 'BandwidthLimitExceeded'],
    [400, 'LimitExceededException', 'busy', 'LimitExceeded'],
    [400, 'RequestLimitExceeded', 'busy', 'RequestLimitExceeded'],
    [400, 'ProvisionedThroughputExceededException', 'busy', 'ProvisionedThroughputExceeded'],
    [400, 'PriorRequestNotComplete', 'busy', 'PriorRequestNotComplete'],
    [400, 'SlowDown', 'busy', 'SlowDown'],
    [400, 'RequestTimeout', 'busy', 'RequestTimeout'],
    [403, 'RequestTimeTooSkewed', 'busy', 'RequestTimeTooSkewed'],
    [403, 'RequestInTheFuture', 'busy', 'RequestInTheFuture'],
    [429, 'Whatever', 'busy', 'Whatever'],
    [403, 'ExpiredTokenException', 'busy', 'ExpiredToken'],
    [503, 'ServiceUnavailable', 'busy', 'ServiceUnavailable'],
    [500, 'InternalFailure', 'broken', 'InternalFailure'],
    [502, 'BadGateway', 'broken', 'BadGateway'],
  ] as const)('%i %s is %s', async (status, type, kind, name) => {
    const { url } = await fakeEndpoint(answered(status, type));
    const failure = await failureAt(url);
    expect(failure).toEqual({ kind, name, what: `${name}, request r-1` });
  });

  it('is broken when it cannot be read', async () => {
    const { url } = await fakeEndpoint({ status: 200, body: '<html>' });
    expect(await failureAt(url)).toMatchObject({ kind: 'broken' });
  });
});

describe('a failure that nobody answered', () => {
  it('is silent when the connection breaks after the request', async () => {
    const { url, requests } = await fakeEndpoint('reset');
    expect(await failureAt(url)).toEqual({
      kind: 'silent',
      name: 'ECONNRESET',
      what: 'ECONNRESET',
    });
    expect(requests).toHaveLength(1);
  });

  it('is silent when no answer comes in time', async () => {
    const { url } = await fakeEndpoint('silence');
    const requestHandler = { requestTimeout: 100, throwOnRequestTimeout: true };
    expect(await failureAt(url, { requestHandler })).toMatchObject({ kind: 'silent' });
  });

  it('is unreached when nothing listens', async () => {
    expect(await failureAt(await deadEndpoint())).toEqual({
      kind: 'unreached',
      name: 'ECONNREFUSED',
      what: 'ECONNREFUSED',
    });
  });

  it('is unreached when none of several addresses listens', async () => {
    const { port } = new URL(await deadEndpoint());
    expect(await failureAt(`http://localhost:${port}`)).toMatchObject({ kind: 'unreached' });
  });

  it('is unreached when the name has no address', () => {
    const error = Object.assign(new Error('no'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
    expect(awsFailure(error)).toMatchObject({ kind: 'unreached', name: 'ENOTFOUND' });
  });

  it('is unreached when there is no connection in time', () => {
    // The words of the SDK's own timeout, which has no code.
    const message =
      '@smithy/node-http-handler - the request socket did not establish a connection with the server within the configured timeout of 5 ms.';
    const error = Object.assign(new Error(message), { name: 'TimeoutError' });
    expect(awsFailure(error)).toEqual({
      kind: 'unreached',
      name: 'TimeoutError',
      what: 'TimeoutError',
    });
  });

  it('is unreached when the other side cannot prove who it is', () => {
    const error = Object.assign(new Error('self-signed'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(awsFailure(error)).toMatchObject({ kind: 'unreached' });
  });

  it('is silent when a connection that stood is given up', () => {
    const error = Object.assign(new Error('read'), { code: 'ETIMEDOUT', syscall: 'read' });
    expect(awsFailure(error)).toMatchObject({ kind: 'silent' });
  });
});

describe('a call that was not made', () => {
  it('is unsent without credentials', async () => {
    const noCredentials = (): Promise<never> =>
      Promise.reject(Object.assign(new Error('none'), { name: 'CredentialsProviderError' }));
    const { url, requests } = await fakeEndpoint('reset');
    expect(await failureAt(url, { credentials: noCredentials })).toEqual({
      kind: 'unsent',
      name: 'CredentialsProviderError',
      what: 'CredentialsProviderError',
    });
    expect(requests).toEqual([]);
  });

  it('is unsent without a Region', () => {
    expect(awsFailure(new Error('Region is missing'))).toMatchObject({ kind: 'unsent' });
  });
});

describe('whatever is thrown', () => {
  it.each([undefined, null, 'text', 7, {}, new Error('no idea')])('%j has a kind', (thrown) => {
    expect(awsFailure(thrown)).toMatchObject({ kind: 'silent', name: 'Error' });
  });
});
