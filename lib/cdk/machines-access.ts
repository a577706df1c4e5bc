/**
 * What functions may do with the state machines of a stage. They are named by the beginning of their names, because a function has to
 * work for versions that come later, by a deployment or by publishing through the API.
 */
import type { Stack } from 'aws-cdk-lib';
import { ArnFormat } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { EngineFunction } from './engine-function.ts';
import { machinePrefix } from './physical-names.ts';

const wildcardReason =
  'Versions come and go without the functions being deployed: every machine of this stage, and no other, by the beginning of its name.';

export class MachinesAccess {
  /** What the ARN of every state machine of the stage begins with. */
  readonly machinesPrefix: string;
  private readonly machines: string;
  private readonly executions: string;

  constructor(stack: Stack, stage: string) {
    const arn = (resource: string, rest: string): string =>
      stack.formatArn({
        service: 'states',
        resource,
        resourceName: `${machinePrefix(stage)}${rest}`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    this.machinesPrefix = arn('stateMachine', '');
    this.machines = arn('stateMachine', '*');
    this.executions = arn('execution', '*');
  }

  allowStart(by: EngineFunction): void {
    by.allow({ actions: ['states:StartExecution'], resources: [this.machines], wildcardReason });
  }

  /** Answering tasks that are parked, and ending executions whose instance is gone. */
  allowSteer(by: EngineFunction): void {
    by.allow({ actions: ['states:SendTaskSuccess'], resources: [this.machines], wildcardReason });
    this.allowStop(by);
  }

  allowStop(by: EngineFunction): void {
    by.allow({ actions: ['states:StopExecution'], resources: [this.executions], wildcardReason });
  }

  /** Making machines at run time, tagged, each with the one role that machines have; and seeing that one is there already. */
  allowCreate(by: EngineFunction, machineRole: Role): void {
    by.allow({
      actions: ['states:CreateStateMachine', 'states:TagResource', 'states:DescribeStateMachine'],
      resources: [this.machines],
      wildcardReason,
    });
    by.allow({
      actions: ['iam:PassRole'],
      resources: [machineRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'states.amazonaws.com' } },
    });
  }
}
