/**
 * What all state machines of a stage share: the role by which they call the functions of their nodes, and nothing else, and one log.
 * It holds errors only: a log of everything costs more than the journey, and holds what its tasks were given.
 */
import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { NodeFunction } from '../compiler/node-functions.ts';
import { deploymentName } from './physical-names.ts';
import { explainWildcard } from './wildcard-reason.ts';

export interface MachineBasisProps {
  readonly stage: string;
  /** By the placeholder in compiled machines. */
  readonly functions: Readonly<Record<NodeFunction, string>>;
  readonly logLevel: LogLevel;
  readonly logRetention: RetentionDays;
}

export class MachineBasis extends Construct {
  readonly stage: string;
  readonly functions: Readonly<Record<NodeFunction, string>>;
  readonly logLevel: LogLevel;
  readonly logGroup: LogGroup;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: MachineBasisProps) {
    super(scope, id);
    this.stage = props.stage;
    this.functions = props.functions;
    this.logLevel = props.logLevel;
    this.logGroup = new LogGroup(this, 'Log', {
      // The beginning that AWS asks for where many machines write into one group.
      logGroupName: `/aws/vendedlogs/states/${deploymentName(props.stage)}`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: 'State machines call the functions of their nodes, and nothing else',
    });
    // Not `grantInvoke`: it would also allow versions of the functions, which there are none of.
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: Object.values(props.functions),
      }),
    );
    this.allowLogsAndTraces();
  }

  private allowLogsAndTraces(): void {
    this.role.addToPolicy(
      new PolicyStatement({
        actions: [
          'logs:CreateLogDelivery',
          'logs:GetLogDelivery',
          'logs:UpdateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutResourcePolicy',
          'logs:DescribeResourcePolicies',
          'logs:DescribeLogGroups',
        ],
        resources: ['*'],
      }),
    );
    this.role.addToPolicy(
      new PolicyStatement({
        actions: [
          'xray:PutTraceSegments',
          'xray:PutTelemetryRecords',
          'xray:GetSamplingRules',
          'xray:GetSamplingTargets',
        ],
        resources: ['*'],
      }),
    );
    explainWildcard(
      this.role,
      '*',
      'Delivery of logs and traces can be allowed for no resource in particular.',
    );
  }
}
