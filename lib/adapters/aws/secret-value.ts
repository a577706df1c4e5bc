/** Reads one secret of Secrets Manager, as it is now. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { KalciferError } from '../../kalcifer-error.ts';
import { awsFailure } from './aws-failure.ts';
import { patience } from './patience.ts';

export interface SecretValueOptions {
  /** Name or ARN. */
  readonly id: string;
  readonly client?: SecretsManagerClient;
}

/** @throws KalciferError `secret.unavailable`, `secret.refused` when it is not there, not allowed, or no text */
export async function readSecretValue({
  id,
  client = new SecretsManagerClient(patience),
}: SecretValueOptions): Promise<string> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: id }));
    if (SecretString !== undefined) return SecretString;
  } catch (error) {
    const { kind, what } = awsFailure(error);
    const isRefused = kind === 'refused' || kind === 'unsent';
    throw new KalciferError(
      isRefused ? 'secret.refused' : 'secret.unavailable',
      `Secrets Manager does not give the secret: ${what}.`,
    );
  }
  throw new KalciferError('secret.refused', 'The secret is no text.');
}
