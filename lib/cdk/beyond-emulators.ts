/** What emulators do not have: the archive of events, an alarm over all state machines, and one over all alarms. */
import { Aws, Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Kalcifer } from './kalcifer.ts';
import { deploymentName } from './physical-names.ts';

export interface BeyondEmulatorsProps {
  readonly kalcifer: Kalcifer;
  readonly archiveRetention: Duration;
  /** Hears of the alarms. */
  readonly topic?: ITopic;
}

export class BeyondEmulators extends Construct {
  constructor(scope: Construct, id: string, props: BeyondEmulatorsProps) {
    super(scope, id);
    const { kalcifer, archiveRetention, topic } = props;
    const name = deploymentName(kalcifer.stage);
    kalcifer.bus.archive('Archive', {
      archiveName: name,
      description: 'Events, to be replayed after a mistake',
      eventPattern: { account: [Aws.ACCOUNT_ID] },
      retention: archiveRetention,
    });
    const throttled = this.throttledExecutions(name);
    // It tells nobody: whoever listens has heard of the alarm that set it off.
    new CompositeAlarm(this, 'Unhealthy', {
      compositeAlarmName: `${name}-unhealthy`,
      alarmDescription: `Something is wrong with ${name}: one of its alarms went off.`,
      alarmRule: AlarmRule.anyOf(...kalcifer.alarms.all.values(), throttled),
    });
    if (topic !== undefined) throttled.addAlarmAction(new SnsAction(topic));
  }

  /**
   * Over all machines of the account and Region, because that is what Step Functions counts transitions by, and because it needs no
   * change when versions come and go.
   */
  private throttledExecutions(name: string): Alarm {
    return new Alarm(this, 'ThrottledExecutions', {
      alarmName: `${name}-throttled-executions`,
      alarmDescription: 'Step Functions delays executions: the quota of transitions is used up.',
      metric: new MathExpression({
        expression: 'SELECT SUM(ExecutionThrottled) FROM SCHEMA("AWS/States", StateMachineArn)',
        label: 'Throttled executions',
        period: Duration.minutes(5),
      }),
      threshold: 0,
      evaluationPeriods: 3,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
