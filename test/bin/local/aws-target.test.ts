import { describe, expect, it } from 'vitest';
import { awsTarget, pointHere } from '../../../bin/local/aws-target.ts';

describe('where the local loop finds AWS', () => {
  it('is an emulator on this machine when nothing is set', () => {
    expect(awsTarget({})).toEqual({
      endpoint: new URL('http://localhost:4566'),
      account: '000000000000',
      region: 'us-east-1',
      variables: {
        AWS_ENDPOINT_URL: 'http://localhost:4566',
        AWS_REGION: 'us-east-1',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      },
    });
  });

  it('is what the usual variables say', () => {
    expect(
      awsTarget({
        AWS_ENDPOINT_URL: 'http://127.0.0.1:4577/',
        AWS_DEFAULT_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'me',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_ACCOUNT_ID: '111122223333',
      }),
    ).toEqual({
      endpoint: new URL('http://127.0.0.1:4577'),
      account: '111122223333',
      region: 'eu-central-1',
      variables: {
        AWS_ENDPOINT_URL: 'http://127.0.0.1:4577',
        AWS_REGION: 'eu-central-1',
        AWS_DEFAULT_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'me',
        AWS_SECRET_ACCESS_KEY: 'secret',
      },
    });
  });

  it('takes AWS_REGION before AWS_DEFAULT_REGION, and empty for not set', () => {
    expect(awsTarget({ AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' }).region).toBe('a');
    expect(awsTarget({ AWS_REGION: '', AWS_ENDPOINT_URL: '' }).variables.AWS_REGION).toBe(
      'us-east-1',
    );
  });

  it('has the account that emulators read from a key of twelve digits', () => {
    expect(awsTarget({ AWS_ACCESS_KEY_ID: '111122223333' }).account).toBe('111122223333');
    expect(awsTarget({ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' }).account).toBe('000000000000');
  });

  it.each([
    ['localhost:4566', 'local.endpoint_invalid'],
    ['here', 'local.endpoint_invalid'],
    ['https://dynamodb.us-east-1.amazonaws.com', 'local.endpoint_is_aws'],
    ['https://sqs.cn-north-1.amazonaws.com.cn', 'local.endpoint_is_aws'],
  ])('is never %s', (endpoint, code) => {
    expect(() => awsTarget({ AWS_ENDPOINT_URL: endpoint })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('keeps a profile, which is about AWS itself, from winning', () => {
    const environment = { AWS_PROFILE: 'work', AWS_REGION: 'eu-west-1', OTHER: 'stays' };
    pointHere(awsTarget(environment), environment);
    expect(environment).toMatchObject({
      OTHER: 'stays',
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: 'http://localhost:4566',
    });
    expect(environment).not.toHaveProperty('AWS_PROFILE');
  });
});
