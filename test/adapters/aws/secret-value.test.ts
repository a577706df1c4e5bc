import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { readSecretValue } from '../../../lib/adapters/aws/secret-value.ts';

const client = new SecretsManagerClient({ region: 'us-east-1' });
const secrets = mockClient(client);
beforeEach(() => secrets.reset());

const id = 'arn:aws:secretsmanager:us-east-1:1:secret:clickhouse';
const answered = (name: string, httpStatusCode: number): Error =>
  Object.assign(new Error('s3cret'), { name, $metadata: { httpStatusCode } });

describe('readSecretValue', () => {
  it('answers the text of the secret', async () => {
    secrets.on(GetSecretValueCommand, { SecretId: id }).resolves({ SecretString: 's3cret' });
    expect(await readSecretValue({ id, client })).toBe('s3cret');
  });

  it.each([
    ['ResourceNotFoundException', 400, 'secret.refused'],
    ['AccessDeniedException', 400, 'secret.refused'],
    ['ThrottlingException', 400, 'secret.unavailable'],
    ['InternalServiceError', 500, 'secret.unavailable'],
  ])('answers %s with a code of ours, without words of the answer', async (name, status, code) => {
    secrets.on(GetSecretValueCommand).rejects(answered(name, status));
    const failing = readSecretValue({ id, client });
    await expect(failing).rejects.toMatchObject({ code });
    await expect(failing).rejects.not.toThrow('s3cret');
  });

  it('refuses a secret that is no text', async () => {
    secrets.on(GetSecretValueCommand).resolves({ SecretBinary: new Uint8Array([1]) });
    await expect(readSecretValue({ id, client })).rejects.toMatchObject({ code: 'secret.refused' });
  });
});
