import { APIGatewayClient, GetApiKeyCommand, NotFoundException } from '@aws-sdk/client-api-gateway';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { apiGatewayKeys } from '../../../lib/adapters/aws/api-gateway-keys.ts';

const aws = mockClient(APIGatewayClient);

beforeEach(() => aws.reset());

it('reads the value of a key', async () => {
  aws.on(GetApiKeyCommand, { apiKey: 'k1', includeValue: true }).resolves({ value: 'secret' });
  expect(await apiGatewayKeys().valueOf('k1')).toBe('secret');
});

it('knows no value of a key that is not there', async () => {
  aws.on(GetApiKeyCommand).rejects(new NotFoundException({ $metadata: {}, message: 'no key' }));
  expect(await apiGatewayKeys().valueOf('k1')).toBeUndefined();
});

it('does not take a failure for an answer', async () => {
  aws.on(GetApiKeyCommand).rejects(new Error('throttled'));
  await expect(apiGatewayKeys().valueOf('k1')).rejects.toThrow('throttled');
});
