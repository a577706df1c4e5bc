/**
 * Executions end: default bus -> rule -> queue -> `reconcile`. Step Functions tells of every end, also of one that nobody in the
 * machine could notice: stopped by hand, a limit, an outage that lasted longer than all retries.
 */
import { Duration } from 'aws-cdk-lib';
import { Match, Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { MachinesAccess } from './machines-access.ts';
import { deploymentName } from './physical-names.ts';
import { WorkQueue } from './work-queue.ts';

export interface EndingsProps {
  readonly stage: string;
  readonly access: MachinesAccess;
  /** Timeout of `reconcile`. */
  readonly workTimeout: Duration;
}

export class Endings extends Construct {
  readonly work: WorkQueue;

  constructor(scope: Construct, id: string, { stage, access, workTimeout }: EndingsProps) {
    super(scope, id);
    // Nearly all of them need one look at the table: many at a time, and nobody waits for it.
    this.work = new WorkQueue(this, 'Ended', {
      triesMax: 100,
      workTimeout,
      batchSize: 100,
      collect: Duration.seconds(5),
      workersMax: 2,
    });
    new Rule(this, 'OfMachines', {
      description: `Executions of ${deploymentName(stage)} that have ended`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: Match.prefix(access.machinesPrefix),
        },
      },
      targets: [this.work.asTarget()],
    });
  }
}
