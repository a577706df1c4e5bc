/**
 * Experiments of the Fault Injection Service on the functions of nodes: calls come late, fail before they have done anything, or fail
 * after they have done everything, which is the hardest question that one can ask a claim. Each ends by itself, and at once when
 * customers are harmed.
 */
import { Stack, type StackProps } from 'aws-cdk-lib';
import { CfnExperimentTemplate } from 'aws-cdk-lib/aws-fis';
import type { Construct } from 'constructs';
import type { FaultLayer } from './fault-layer.ts';
import type { Kalcifer } from './kalcifer.ts';
import { deploymentName } from './physical-names.ts';

export interface ChaosStackProps extends StackProps {
  readonly kalcifer: Kalcifer;
  readonly faults: FaultLayer;
}

interface Experiment {
  readonly name: string;
  readonly description: string;
  readonly actionId: string;
  readonly parameters: Readonly<Record<string, string>>;
}

const experiments: readonly Experiment[] = [
  {
    name: 'delay',
    description: 'Three of ten calls begin ten seconds late',
    actionId: 'aws:lambda:invocation-add-delay',
    parameters: { startupDelayMilliseconds: '10000' },
  },
  {
    name: 'error-before',
    description: 'Three of ten calls fail before the function has run',
    actionId: 'aws:lambda:invocation-error',
    parameters: { preventExecution: 'true' },
  },
  {
    name: 'error-after',
    description: 'Three of ten calls fail although the function has run: nothing may happen twice',
    actionId: 'aws:lambda:invocation-error',
    parameters: { preventExecution: 'false' },
  },
];

const functionsTarget = 'disturbable';

export class ChaosStack extends Stack {
  constructor(scope: Construct, { kalcifer, faults, ...props }: ChaosStackProps) {
    const name = deploymentName(kalcifer.stage);
    super(scope, `${name}-chaos`, {
      description: `Kalcifer, experiments: stage ${kalcifer.stage}`,
      ...props,
    });
    for (const experiment of experiments) {
      new CfnExperimentTemplate(this, experiment.name, {
        description: experiment.description,
        roleArn: faults.role.roleArn,
        stopConditions: kalcifer.alarms.harm.map((alarm) => ({
          source: 'aws:cloudwatch:alarm',
          value: alarm.alarmArn,
        })),
        targets: {
          [functionsTarget]: {
            resourceType: 'aws:lambda:function',
            resourceTags: { [faults.tag.key]: faults.tag.value },
            selectionMode: 'ALL',
          },
        },
        actions: {
          [experiment.name]: {
            actionId: experiment.actionId,
            parameters: { duration: 'PT10M', invocationPercentage: '30', ...experiment.parameters },
            targets: { Functions: functionsTarget },
          },
        },
        tags: { Name: `${name}-${experiment.name}` },
      });
    }
  }
}
