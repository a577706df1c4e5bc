/** What an engine can be told. Everything but the stage has a default that is right for most. */
import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import type { ChannelProps } from './channel-access.ts';
import type { ClickHouseProps } from './history-pipe.ts';
import type { TenantProps } from './tenant-api.ts';

export interface KalciferProps extends ChannelProps {
  /** Part of every name: several stages fit into one account. Lower-case letters and digits. */
  readonly stage: string;
  /** @default - one tenant, `default` */
  readonly tenants?: readonly TenantProps[];
  /**
   * What becomes of the table when the stack is deleted. `DESTROY` also takes its protection from being deleted away.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /** @default - the key that AWS keeps for DynamoDB in the account */
  readonly encryptionKey?: IKey;
  /** @default - no history is recorded */
  readonly clickhouse?: ClickHouseProps;
  /**
   * Whether nodes may run JavaScript of those who draw journeys.
   *
   * @default true
   */
  readonly customCode?: boolean;
  /**
   * How many batches of executions are started at once. Step Functions takes 150 or 300 starts a second, by Region; what is too
   * much waits in the queue.
   *
   * @default 10
   */
  readonly startersMax?: number;
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /**
   * What state machines log; never what their tasks were given.
   *
   * @default LogLevel.ERROR
   */
  readonly machineLogLevel?: LogLevel;
  /**
   * How long events are kept to be replayed.
   *
   * @default 30 days
   */
  readonly archiveRetention?: Duration;
  /**
   * Hears of every alarm.
   *
   * @default - alarms are shown, and tell nobody
   */
  readonly alarmTopic?: ITopic;
  /**
   * Whether experiments may disturb the functions of nodes.
   *
   * @default false
   */
  readonly faultInjection?: boolean;
  /**
   * Leaves out what emulators do not have: the archive of events, alarms on metric math, composite alarms.
   *
   * @default false
   */
  readonly emulator?: boolean;
}
