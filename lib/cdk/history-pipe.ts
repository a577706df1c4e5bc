/**
 * History goes to ClickHouse: table stream -> `forward-history` -> queue -> `record-history`. The engine never waits for it. When
 * ClickHouse is away the queue keeps the rows.
 */
import { Duration, Validations } from 'aws-cdk-lib';
import { EventSourceMapping, FilterCriteria, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { historyFilter } from '../history-rows.ts';
import { EngineFunction, type FunctionBasis } from './engine-function.ts';
import type { EngineTable } from './engine-table.ts';
import type { NetworkPlace } from './network-place.ts';
import { WorkQueue } from './work-queue.ts';

/** A ClickHouse: a server, the Cloud, or `kalcifer clickhouse`. */
export interface ClickHouseProps {
  /** `https://host:8443` */
  readonly url: string;
  /**
   * A secret `{ "username", "password" }`.
   *
   * @default - no credentials are sent
   */
  readonly secret?: ISecret;
  /** @default kalcifer */
  readonly database?: string;
  /**
   * Where in a VPC the function that writes stands.
   *
   * @default - outside of any VPC
   */
  readonly network?: NetworkPlace;
}

export interface HistoryPipeProps {
  readonly basis: FunctionBasis;
  readonly table: EngineTable;
  readonly clickhouse: ClickHouseProps;
}

const recordTimeout = Duration.seconds(60);

export class HistoryPipe extends Construct {
  readonly work: WorkQueue;
  readonly forward: EngineFunction;
  readonly record: EngineFunction;
  /** Places in the table's stream that could not be read on from; the rows themselves are in the table. */
  readonly unread: Queue;

  constructor(scope: Construct, id: string, props: HistoryPipeProps) {
    super(scope, id);
    this.work = new WorkQueue(this, 'History', {
      // The most that there is: days without ClickHouse must not put rows aside, and the function sees to it that longer does not.
      // What can never be recorded, it puts aside itself.
      triesMax: 1000,
      workTimeout: recordTimeout,
      // ClickHouse wants few large inserts: up to 100 messages of 60 KB, which is what one call of a function can carry.
      batchSize: 100,
      collect: Duration.seconds(10),
      workersMax: 2,
    });
    this.unread = new Queue(this, 'Unread', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    for (const rule of ['Serverless-SQSRedrivePolicy', 'AwsSolutions-SQS3']) {
      Validations.of(this.unread).acknowledge({
        id: rule,
        reason: 'It is itself where the stream puts aside what could not be read on from.',
      });
    }
    this.forward = this.makeForward(props);
    this.record = this.makeRecord(props);
  }

  private makeForward({ basis, table }: HistoryPipeProps): EngineFunction {
    const forward = new EngineFunction(this, 'Forward', {
      basis,
      verb: 'forward-history',
      description: 'Turns changes of the table into rows of history',
      settings: {
        table: table.table.tableName,
        historyQueue: this.work.queue.queueUrl,
      },
      afterFailure: 'The stream hands the records out again, and at last puts their place aside.',
    });
    table.allowLookUp(forward);
    table.allowFollow(forward);
    this.work.allowSend(forward);
    forward.allow({ actions: ['sqs:SendMessage'], resources: [this.unread.queueArn] });
    new EventSourceMapping(this, 'Stream', {
      target: forward,
      eventSourceArn: table.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 1000,
      maxBatchingWindow: Duration.seconds(1),
      filters: [FilterCriteria.filter(historyFilter)],
      reportBatchItemFailures: true,
      // It fails only while table or queue do not answer, which is waited out; before the stream forgets the records, after a day,
      // their place is put aside.
      bisectBatchOnError: true,
      maxRecordAge: Duration.hours(20),
      onFailure: { bind: () => ({ destination: this.unread.queueArn }) },
    });
    return forward;
  }

  private makeRecord({ basis, clickhouse }: HistoryPipeProps): EngineFunction {
    const { url, secret, database, network } = clickhouse;
    const record = new EngineFunction(this, 'Record', {
      basis,
      verb: 'record-history',
      description: 'Writes rows of history into ClickHouse',
      settings: {
        clickhouseUrl: url,
        historyQueue: this.work.queue.queueUrl,
        historyDeadLetterQueue: this.work.putAside.queueUrl,
        ...(database === undefined ? {} : { clickhouseDatabase: database }),
        ...(secret === undefined ? {} : { clickhouseSecret: secret.secretArn }),
      },
      afterFailure: 'The queue keeps what could not be written and hands it out again.',
      timeout: recordTimeout,
      ...(network === undefined ? {} : { network }),
    });
    record.allow({
      actions: ['sqs:SendMessage'],
      resources: [this.work.putAside.queueArn],
    });
    this.work.allowSend(record);
    secret?.grantRead(record);
    this.work.workedOffBy(record);
    return record;
  }
}
