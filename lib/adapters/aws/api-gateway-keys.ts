/** Reads the values of API keys where API Gateway keeps them, so that nobody else has to be told. */
import { APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { KalciferError } from '../../kalcifer-error.ts';
import { awsFailure } from './aws-failure.ts';

export interface ApiGatewayKeys {
  /** @throws KalciferError `deployment.key_unreadable` */
  valueOf(id: string): Promise<string>;
}

export function apiGatewayKeys({
  client = new APIGatewayClient({}),
}: { readonly client?: APIGatewayClient } = {}): ApiGatewayKeys {
  return {
    valueOf: async (id) => {
      const value = await read(client, id);
      if (value !== undefined && value !== '') return value;
      throw unreadable(id, 'it has no value');
    },
  };
}

async function read(client: APIGatewayClient, id: string): Promise<string | undefined> {
  try {
    return (await client.send(new GetApiKeyCommand({ apiKey: id, includeValue: true }))).value;
  } catch (error) {
    throw unreadable(id, awsFailure(error).what);
  }
}

/** The id of a key opens nothing. */
function unreadable(id: string, why: string): KalciferError {
  return new KalciferError(
    'deployment.key_unreadable',
    `The API key ${id} cannot be read from API Gateway: ${why}.`,
  );
}
