/** A queue that a function works off, message by message, and the queue beside it for messages that cannot be worked off. */
import { Duration, Validations } from 'aws-cdk-lib';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { EngineFunction } from './engine-function.ts';

export interface WorkQueueProps {
  /** How often a message may be tried before it is put aside. */
  readonly triesMax: number;
  /** Timeout of the function that works it off. */
  readonly workTimeout: Duration;
  readonly batchSize: number;
  /** How long a batch may be collected; Lambda wants a second at least for more than 10. @default - not at all */
  readonly collect?: Duration;
  /** How many copies of the function may work at once. @default - as many as Lambda thinks right */
  readonly workersMax?: number;
}

export class WorkQueue extends Construct {
  readonly queue: Queue;
  /** What was tried too often; kept for two weeks, in which it can be sent back into the queue. */
  readonly putAside: Queue;
  private readonly work: WorkQueueProps;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.work = props;
    const common = {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    };
    this.putAside = new Queue(this, 'PutAside', common);
    Validations.of(this.putAside).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'It is itself where messages are put aside.',
    });
    this.queue = new Queue(this, 'Queue', {
      ...common,
      // What Lambda asks for: a batch that was throttled is tried again by Lambda before the queue hands it out anew.
      visibilityTimeout: Duration.seconds(
        props.workTimeout.toSeconds() * 6 + (props.collect?.toSeconds() ?? 0),
      ),
      deadLetterQueue: { queue: this.putAside, maxReceiveCount: props.triesMax },
    });
  }

  /** The function answers which messages of a batch failed; only those are tried again. */
  workedOffBy(worker: EngineFunction): void {
    const { batchSize, collect, workersMax } = this.work;
    const mapping = new EventSourceMapping(this, 'Worker', {
      target: worker,
      eventSourceArn: this.queue.queueArn,
      batchSize,
      reportBatchItemFailures: true,
      ...(collect === undefined ? {} : { maxBatchingWindow: collect }),
      ...(workersMax === undefined ? {} : { maxConcurrency: workersMax }),
    });
    Validations.of(mapping).acknowledge({
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: 'The queue itself puts aside what was tried too often.',
    });
    worker.allow({
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      resources: [this.queue.queueArn],
    });
  }

  /** For rules: what EventBridge cannot deliver within a day is put aside, too. */
  asTarget(): SqsQueue {
    return new SqsQueue(this.queue, {
      deadLetterQueue: this.putAside,
      maxEventAge: Duration.hours(24),
      retryAttempts: 185,
    });
  }

  allowSend(by: EngineFunction): void {
    by.allow({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] });
  }
}
