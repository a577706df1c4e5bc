/** Values of the API keys that a deployment made in API Gateway. */
import { APIGatewayClient, GetApiKeyCommand, NotFoundException } from '@aws-sdk/client-api-gateway';
import { patience } from './patience.ts';

export interface ApiGatewayKeys {
  /** Undefined when there is no such key. */
  valueOf(keyId: string): Promise<string | undefined>;
}

export function apiGatewayKeys({
  client = new APIGatewayClient(patience),
}: { readonly client?: APIGatewayClient } = {}): ApiGatewayKeys {
  return {
    valueOf: async (keyId) => {
      try {
        const { value } = await client.send(
          new GetApiKeyCommand({ apiKey: keyId, includeValue: true }),
        );
        return value;
      } catch (error) {
        if (error instanceof NotFoundException) return undefined;
        throw error;
      }
    },
  };
}
