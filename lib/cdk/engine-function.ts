/**
 * One of the engine's functions: `lambdas/<verb>/handler.ts`, with a role that may do nothing but write its own log and trace and
 * what it is explicitly allowed, and with a log that ends.
 */
import { Duration, RemovalPolicy, Token, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { FaultLayer } from './fault-layer.ts';
import { functionCode, handlerName, type ExtraFolders, type Verb } from './function-code.ts';
import { environmentOf, type Settings } from './function-settings.ts';
import type { NetworkPlace } from './network-place.ts';
import { functionName } from './physical-names.ts';
import { explainWildcard } from './wildcard-reason.ts';

/** What all functions of an engine have in common. */
export interface FunctionBasis {
  readonly stage: string;
  readonly logRetention: RetentionDays;
  /** Present where experiments may disturb the functions that take part in them. */
  readonly faults?: FaultLayer;
}

export interface EngineFunctionProps {
  readonly basis: FunctionBasis;
  /** The folder under `lambdas/`, and the end of the function's name. */
  readonly verb: Verb;
  readonly description: string;
  readonly settings: Settings;
  /** What becomes of a call that fails: why it needs no queue for calls that nobody waits for. */
  readonly afterFailure: string;
  /** @default 512: less has so little of a processor that a cold start takes seconds; more would only wait faster */
  readonly memoryMegabytes?: number;
  /** @default 60 seconds */
  readonly timeout?: Duration;
  /** @default - nothing beside the code */
  readonly folders?: ExtraFolders;
  /** @default - outside of any VPC */
  readonly network?: NetworkPlace;
  /** Whether experiments may disturb it. @default false */
  readonly disturbable?: boolean;
}

interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Why it names more than one thing: has to be there when it does. */
  readonly wildcardReason?: string;
  readonly conditions?: Record<string, unknown>;
}

export class EngineFunction extends NodejsFunction {
  private readonly ownRole: Role;

  constructor(scope: Construct, id: string, props: EngineFunctionProps) {
    const { basis, verb, network } = props;
    const name = functionName(basis.stage, verb);
    // A fixed name, where everybody looks; it goes with the stack, so that the name is free for the next one.
    const logGroup = new LogGroup(scope, `${id}Log`, {
      logGroupName: `/aws/lambda/${name}`,
      retention: basis.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Not the managed policy: it lets a function create logs, which would have no end, and write into those of others.
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${name} may do`,
    });
    super(scope, id, {
      functionName: name,
      description: props.description,
      code: functionCode(scope, verb, props.folders),
      handler: handlerName,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMegabytes ?? 512,
      timeout: props.timeout ?? Duration.seconds(60),
      environment: environmentOf({ stage: basis.stage, ...props.settings }),
      // A switch of the SDK before version 3.
      awsSdkConnectionReuse: false,
      tracing: Tracing.ACTIVE,
      logGroup,
      role,
      ...network,
    });
    this.ownRole = role;
    explainWildcard(role, '*', 'X-Ray takes segments of no resource in particular.');
    this.allow({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    });
    if (network !== undefined) this.allowNetwork();
    if (props.disturbable === true) basis.faults?.attachTo(this);
    for (const rule of ['Serverless-LambdaDLQ', 'Serverless-LambdaAsyncFailureDestination']) {
      Validations.of(this).acknowledge({ id: rule, reason: props.afterFailure });
    }
  }

  /** One more thing that it may do. A wildcard without a reason is a mistake of whoever wrote it. */
  allow(permission: Permission): void {
    const { actions, resources, wildcardReason, conditions } = permission;
    for (const resource of resources.filter(hasWildcard)) {
      if (wildcardReason === undefined) throw new Error(`${this.node.path}: why ${resource}?`);
      explainWildcard(this.ownRole, resource, wildcardReason);
    }
    this.addToRolePolicy(
      new PolicyStatement({
        actions: [...actions],
        resources: [...resources],
        ...(conditions === undefined ? {} : { conditions }),
      }),
    );
  }

  private allowNetwork(): void {
    this.allow({
      actions: [
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSubnets',
        'ec2:DeleteNetworkInterface',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ],
      resources: ['*'],
      wildcardReason: 'Lambda makes the network interfaces of a function before they have names.',
    });
  }
}

function hasWildcard(resource: string): boolean {
  return Token.asString(resource).includes('*');
}
