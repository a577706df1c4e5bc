/** The value of an API key of the deployment, by its id. */
import { apiGatewayKeys, type ApiGatewayKeys } from '../../lib/adapters/aws/api-gateway-keys.ts';

let keys: ApiGatewayKeys | undefined;

export async function apiKeyValue(id: string): Promise<string> {
  keys ??= apiGatewayKeys();
  return keys.valueOf(id);
}
