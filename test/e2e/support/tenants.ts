/** Tenants that a test adds to a deployment, as an operator would: a key in API Gateway, and its hash in the table. */
import { randomUUID } from 'node:crypto';
import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
} from '@aws-sdk/client-api-gateway';
import { dynamodbTable } from '../../../lib/adapters/aws/dynamodb-table.ts';
import { registerApiKey } from '../../../lib/api/api-keys.ts';
import type { Place } from './place.ts';

const gateway = new APIGatewayClient({});

/** Answers the id of a plan without limits. */
export async function addUsagePlan(apiUrl: string): Promise<string> {
  const [, apiId = '', stage = ''] = /execute-api\/([^/]+)\/([^/]+)/.exec(apiUrl) ?? [];
  const { id = '' } = await gateway.send(
    new CreateUsagePlanCommand({ name: `tests-${randomUUID()}`, apiStages: [{ apiId, stage }] }),
  );
  return id;
}

/** Answers the key of the tenant. */
export async function addTenant(place: Place, tenant: string): Promise<string> {
  const key = `test-${randomUUID()}`;
  const { id = '' } = await gateway.send(
    new CreateApiKeyCommand({ name: `${place.stage}-${tenant}`, enabled: true, value: key }),
  );
  await gateway.send(
    new CreateUsagePlanKeyCommand({ usagePlanId: place.usagePlan, keyId: id, keyType: 'API_KEY' }),
  );
  const table = dynamodbTable({ tableName: place.outputs.TableName ?? '' });
  await registerApiKey(table, { tenant, name: 'test', key }, Date.now());
  return key;
}
