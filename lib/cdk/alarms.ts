/**
 * Alarms, each on one metric, so that every emulator has them. Each says what is wrong and where to look; none goes off while all is
 * well, whatever the load.
 */
import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Stats,
  TreatMissingData,
  type IMetric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { engineMetric } from './engine-metric.ts';
import type { HistoryPipe } from './history-pipe.ts';
import type { Kalcifer } from './kalcifer.ts';
import { deploymentName } from './physical-names.ts';

export interface AlarmsProps {
  readonly kalcifer: Kalcifer;
  /** Hears of every alarm. */
  readonly topic?: ITopic;
}

interface Watch {
  readonly metric: IMetric;
  /** It goes off above this. */
  readonly most: number;
  /** How many periods in a row. @default 1 */
  readonly periods?: number;
  readonly description: string;
}

export class Alarms extends Construct {
  /** All of them, by what they are about. */
  readonly all: ReadonlyMap<string, Alarm>;
  private readonly props: AlarmsProps;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.props = props;
    const { kalcifer } = props;
    this.all = new Map([
      ...this.queueAlarms(kalcifer),
      ...this.engineAlarms(kalcifer),
      ...(kalcifer.history === undefined ? [] : this.historyAlarms(kalcifer.history)),
    ]);
  }

  /** What tells that customers are harmed: experiments end by these. */
  get harm(): readonly Alarm[] {
    const names = ['events-put-aside', 'entries-put-aside', 'stuck-instances', 'failed-nodes'];
    return names.flatMap((name) => this.all.get(name) ?? []);
  }

  private queueAlarms({ events, entries, endings }: Kalcifer): [string, Alarm][] {
    return [
      this.putAside('events', events.putAside, 'receive-event'),
      this.putAside('entries', entries.putAside, 'enrol'),
      this.putAside('endings', endings.putAside, 'reconcile'),
      this.watch('events-late', {
        metric: ageOf(events.queue),
        most: 600,
        description: 'Events wait for more than ten minutes: look at the log of receive-event.',
      }),
      this.watch('entries-late', {
        metric: ageOf(entries.queue),
        most: 3600,
        description: 'Customers wait for their journey to start for more than an hour.',
      }),
    ];
  }

  private engineAlarms({ stage, functions, api }: Kalcifer): [string, Alarm][] {
    return [
      this.watch('stuck-instances', {
        metric: engineMetric(stage, 'stuckInstances', Stats.MAXIMUM),
        most: 0,
        periods: 2,
        description: 'Instances have been owed something for more than ten minutes.',
      }),
      this.watch('failed-nodes', {
        metric: engineMetric(stage, 'nodesFailed'),
        most: 0,
        description: 'Nodes failed for good, and their instances with them.',
      }),
      this.watch('lost-executions', {
        metric: engineMetric(stage, 'executionsLost'),
        most: 0,
        description:
          'Executions ended while customers were on the way: stopped by hand, or at a limit. The next ones took them up.',
      }),
      this.watch('throttled-starts', {
        metric: engineMetric(stage, 'executionsThrottled'),
        most: 0,
        periods: 3,
        description: 'Step Functions has no room for more starts; they wait in their queue.',
      }),
      this.watch('unexpected-errors', {
        metric: engineMetric(stage, 'unexpectedErrors'),
        most: 0,
        description: 'A function met an error that nobody thought of: look for it in the logs.',
      }),
      this.watch('api-errors', {
        metric: api.restApi.metricServerError({ period, statistic: Stats.SUM }),
        most: 0,
        periods: 2,
        description: 'The API answers with errors that are not the fault of its callers.',
      }),
      this.sweepStandsStill(functions.sweep.metricInvocations({ period, statistic: Stats.SUM })),
    ];
  }

  private historyAlarms({ work, unread, forward }: HistoryPipe): [string, Alarm][] {
    return [
      this.putAside('history', work.putAside, 'record-history'),
      this.watch('history-unread', {
        metric: lengthOf(unread),
        most: 0,
        description: 'Changes of the table could not be turned into history: see forward-history.',
      }),
      this.watch('history-behind', {
        metric: forward.metric('IteratorAge', { period, statistic: Stats.MAXIMUM }),
        most: 600_000,
        description: 'History is read more than ten minutes late; after a day it is lost.',
      }),
      this.watch('history-late', {
        metric: ageOf(work.queue),
        most: 3600,
        description: 'History has waited for an hour: ClickHouse does not take it.',
      }),
    ];
  }

  private putAside(what: string, queue: Queue, verb: string): [string, Alarm] {
    return this.watch(`${what}-put-aside`, {
      metric: lengthOf(queue),
      most: 0,
      description: `Messages were put aside: see the log of ${verb}, then send them back.`,
    });
  }

  /** The only one for which silence is the bad sign. */
  private sweepStandsStill(metric: IMetric): [string, Alarm] {
    return this.make('sweep-stands-still', {
      metric,
      threshold: 1,
      evaluationPeriods: 3,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
      alarmDescription: 'Nothing makes up for crashes: the schedule does not call the sweep.',
    });
  }

  private watch(name: string, { metric, most, periods, description }: Watch): [string, Alarm] {
    return this.make(name, {
      metric,
      threshold: most,
      evaluationPeriods: periods ?? 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: description,
    });
  }

  private make(name: string, props: ConstructorParameters<typeof Alarm>[2]): [string, Alarm] {
    const { kalcifer, topic } = this.props;
    const alarm = new Alarm(this, name, {
      ...props,
      alarmName: `${deploymentName(kalcifer.stage)}-${name}`,
    });
    if (topic !== undefined) alarm.addAlarmAction(new SnsAction(topic));
    return [name, alarm];
  }
}

const period = Duration.minutes(5);

function lengthOf(queue: Queue): IMetric {
  return queue.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM });
}

function ageOf(queue: Queue): IMetric {
  return queue.metricApproximateAgeOfOldestMessage({ period, statistic: Stats.MAXIMUM });
}
