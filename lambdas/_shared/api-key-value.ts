/** The value of an API key of the deployment, by its id. */
import { apiGatewayKeys, type ApiGatewayKeys } from '../../lib/adapters/aws/api-gateway-keys.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';

let keys: ApiGatewayKeys | undefined;

/** @throws KalciferError `deployment.key_unknown` */
export async function apiKeyValue(id: string): Promise<string> {
  keys ??= apiGatewayKeys();
  const value = await keys.valueOf(id);
  if (value !== undefined) return value;
  throw new KalciferError('deployment.key_unknown', `API Gateway has no API key ${id}.`);
}
