/**
 * The table: instances, waits, claims, sends, profiles, journeys, keys. Its shape is what the adapter writes by. It is the only
 * resource whose loss could not be made good by deploying again, so it outlives its stack unless the stage is thrown away.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { tableShape } from '../table-shape.ts';
import type { EngineFunction } from './engine-function.ts';

export interface EngineTableProps {
  /** `DESTROY` also takes the protection from being deleted away. */
  readonly removalPolicy: RemovalPolicy;
  /** @default - the key that AWS keeps for DynamoDB in the account */
  readonly encryptionKey?: IKey;
}

const { partitionKey, sortKey, index, keyTypes, expiry } = tableShape;

const types = { S: AttributeType.STRING, B: AttributeType.BINARY } as const;

export class EngineTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: EngineTableProps) {
    super(scope, id);
    const { removalPolicy, encryptionKey } = props;
    this.table = new Table(this, 'Table', {
      partitionKey: attribute(partitionKey),
      sortKey: attribute(sortKey),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      removalPolicy,
      // Task tokens are credentials, and profiles are personal data: under a key whose use is recorded in the account.
      ...(encryptionKey === undefined
        ? { encryption: TableEncryption.AWS_MANAGED }
        : { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
      // History is read from it; a stream that nobody reads costs nothing.
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      // Only for what nobody reads any more: it removes up to two days late, so nothing may wait for it.
      timeToLiveAttribute: expiry,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: index.name,
      partitionKey: attribute(index.partitionKey),
      sortKey: attribute(index.sortKey),
      projectionType: ProjectionType.ALL,
    });
  }

  /** What the adapter calls: a group of writes needs the rights of its members. */
  allowUse(by: EngineFunction): void {
    by.allow({
      actions: [
        'dynamodb:GetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
        'dynamodb:DeleteItem',
        'dynamodb:ConditionCheckItem',
      ],
      resources: [this.table.tableArn],
    });
    by.allow({
      actions: ['dynamodb:Query'],
      resources: [`${this.table.tableArn}/index/${index.name}`],
    });
    this.table.encryptionKey?.grant(by, ...keyUse);
  }

  /** For functions that only look up. */
  allowLookUp(by: EngineFunction): void {
    by.allow({ actions: ['dynamodb:GetItem'], resources: [this.table.tableArn] });
    this.table.encryptionKey?.grant(by, 'kms:Decrypt', 'kms:DescribeKey');
  }

  /** Where every change of the table can be read. */
  get streamArn(): string {
    const { tableStreamArn } = this.table;
    if (tableStreamArn === undefined) throw new Error('the table was made with a stream');
    return tableStreamArn;
  }

  allowFollow(by: EngineFunction): void {
    by.allow({
      actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'],
      resources: [this.streamArn],
    });
    by.allow({
      actions: ['dynamodb:ListStreams'],
      resources: ['*'],
      wildcardReason:
        'Lambda looks for the stream first, which can be allowed for no table in particular.',
    });
  }
}

/** What DynamoDB asks of whoever reads and writes under a key of the account's own; spelled out, so that no wildcard is needed. */
const keyUse = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
] as const;

type KeyName = keyof typeof keyTypes;

function attribute(name: KeyName): { readonly name: string; readonly type: AttributeType } {
  return { name, type: types[keyTypes[name]] };
}
