/**
 * Events come in: bus -> rule -> queue -> `receive-event`. The queue takes any number at once and hands an event out again until it
 * was worked off; what cannot be delivered to it lies where it can be sent again from.
 */
import { Aws, type Duration, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { deploymentName } from './physical-names.ts';
import { WorkQueue } from './work-queue.ts';

export interface EventIntakeProps {
  readonly stage: string;
  /** Timeout of `receive-event`. */
  readonly workTimeout: Duration;
}

export class EventIntake extends Construct {
  readonly bus: EventBus;
  readonly work: WorkQueue;

  constructor(scope: Construct, id: string, { stage, workTimeout }: EventIntakeProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: deploymentName(stage),
      description: `Events about the customers of ${deploymentName(stage)}`,
    });
    this.work = new WorkQueue(this, 'Events', { triesMax: 5, workTimeout, batchSize: 10 });
    new Rule(this, 'All', {
      eventBus: this.bus,
      description: 'Everything that this account puts on the bus',
      eventPattern: { account: [Aws.ACCOUNT_ID] },
      targets: [this.work.asTarget()],
    });
  }

  /** Lets a rule of the default bus bring events in, before there is one. */
  allowRule(ruleName: string): void {
    const ruleArn = Stack.of(this).formatArn({
      service: 'events',
      resource: 'rule',
      resourceName: ruleName,
    });
    for (const queue of [this.work.queue, this.work.putAside]) {
      queue.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [queue.queueArn],
          conditions: { ArnEquals: { 'aws:SourceArn': ruleArn } },
        }),
      );
    }
  }
}
