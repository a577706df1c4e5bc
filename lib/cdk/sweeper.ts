/**
 * Once a minute, whatever was left undone by a crash is done. A sweep that fails or overlaps with the next does no harm: each promise
 * is kept behind a claim.
 */
import { Aws, Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { EngineFunction } from './engine-function.ts';
import { deploymentName } from './physical-names.ts';
import { explainWildcard } from './wildcard-reason.ts';

export interface SweeperProps {
  readonly stage: string;
  readonly sweep: EngineFunction;
}

export class Sweeper extends Construct {
  constructor(scope: Construct, id: string, { stage, sweep }: SweeperProps) {
    super(scope, id);
    // The next minute's sweep finds what this one did not do.
    sweep.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: `Calls the sweep of ${deploymentName(stage)}`,
    });
    explainWildcard(
      role,
      `${sweep.functionArn}:*`,
      'Versions of this one function, as CDK writes it; there are none.',
    );
    new Schedule(this, 'EveryMinute', {
      scheduleName: `${deploymentName(stage)}-sweep`,
      description: 'Does what was left undone',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: new LambdaInvoke(sweep, { role, retryAttempts: 0, maxEventAge: Duration.minutes(1) }),
    });
  }
}
