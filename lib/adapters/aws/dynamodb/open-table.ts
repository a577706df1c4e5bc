/** What every call to the table needs. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface OpenTable {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly newToken: () => string;
  readonly pause: (ms: number) => Promise<unknown>;
}
