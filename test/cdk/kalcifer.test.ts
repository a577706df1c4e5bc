import { Aws, Duration, RemovalPolicy, Stack, type App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { describe, expect, it } from 'vitest';
import { Journey, Kalcifer, Registration, type KalciferProps } from '../../lib/cdk/kalcifer.ts';
import { uncheckedApp } from '../support/synth-app.ts';

describe('the engine in somebody else’s stack', () => {
  it('needs nothing but a stage', () => {
    const { template } = made({ stage: 'shop' });
    template.resourceCountIs('AWS::Lambda::Function', 13);
    template.hasResourceProperties('AWS::ApiGateway::ApiKey', { Name: 'kalcifer-shop-default' });
    template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain' });
    template.resourceCountIs('AWS::StepFunctions::StateMachine', 0);
  });

  it('refuses a stage that cannot name things', () => {
    expect(() => made({ stage: 'My Shop' })).toThrow('not "My Shop"');
  });

  it.each([
    [[], 'Tenants: there is none.'],
    [['acme', 'acme'], 'Tenants: "acme" is there twice.'],
    [['Acme GmbH'], '"Acme GmbH" is not 1 to 63 lower-case letters, digits and hyphens'],
    [[Aws.REGION], '"a token" is not 1 to 63'],
  ])('refuses tenants that cannot be told apart or named: %j', (names, message) => {
    const tenants = names.map((name) => ({ name }));
    expect(() => made({ stage: 'shop', tenants })).toThrow(message);
  });

  it('lets others put events on its bus', () => {
    const { stack, kalcifer } = made({ stage: 'shop' });
    const shop = new Role(stack, 'Shop', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    kalcifer.grantPublishEvents(shop);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Action: 'events:PutEvents',
            Effect: 'Allow',
            Resource: stack.resolve(kalcifer.bus.eventBusArn),
          },
        ],
      },
      Roles: [stack.resolve(shop.roleName)],
    });
  });

  it('keeps its table under the key that it is given, for all who use it', () => {
    const stack = newStack();
    const encryptionKey = new Key(stack, 'Key');
    new Kalcifer(stack, 'Kalcifer', { stage: 'shop', encryptionKey });
    const template = Template.fromStack(stack);
    const keyArn: unknown = stack.resolve(encryptionKey.keyArn);
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: { KMSMasterKeyId: keyArn, SSEType: 'KMS' },
    });
    const users = template.findResources('AWS::IAM::Policy', {
      Properties: {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Action: Match.arrayWith(['kms:Decrypt']), Resource: keyArn }),
          ]),
        },
      },
    });
    expect(Object.keys(users).length).toBeGreaterThanOrEqual(11);
  });

  it('takes its limits and times from its props', () => {
    const { template } = made({
      stage: 'shop',
      startersMax: 3,
      logRetention: RetentionDays.ONE_WEEK,
      archiveRetention: Duration.days(7),
      customCode: false,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ScalingConfig: { MaximumConcurrency: 3 },
    });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
    template.hasResourceProperties('AWS::Events::Archive', { RetentionDays: 7 });
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'kalcifer-shop-run-data',
      Environment: { Variables: { KALCIFER_CUSTOM_CODE: 'off' } },
    });
    template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Delete' });
  });

  it('reaches a ClickHouse in a VPC', () => {
    const stack = newStack();
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['a'],
      privateSubnetIds: ['subnet-0123456789abcdef0'],
    });
    new Kalcifer(stack, 'Kalcifer', {
      stage: 'shop',
      clickhouse: { url: 'http://clickhouse.internal:8123', network: { vpc } },
    });
    const template = Template.fromStack(stack);
    const inside = template.findResources('AWS::Lambda::Function', {
      Properties: { VpcConfig: Match.anyValue() },
    });
    expect(Object.values(inside).map(({ Properties }) => Properties.FunctionName)).toEqual([
      'kalcifer-shop-record-history',
    ]);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: Match.arrayWith([
              'ec2:AssignPrivateIpAddresses',
              'ec2:CreateNetworkInterface',
              'ec2:DeleteNetworkInterface',
              'ec2:DescribeNetworkInterfaces',
              'ec2:DescribeSubnets',
              'ec2:UnassignPrivateIpAddresses',
            ]),
          }),
        ]),
      },
    });
  });
});

describe('one version in somebody else’s stack', () => {
  it('warns when there is nothing to send its messages with', () => {
    const file = 'statemachines/welcome/v1.journey.json';
    const silent = made({ stage: 'shop' });
    new Journey(silent.stack, 'Welcome', { kalcifer: silent.kalcifer, file });
    Annotations.fromStack(silent.stack).hasWarning(
      '/Theirs/Welcome',
      Match.stringLikeRegexp('welcome v1 has nodes of type send_email.*Give the engine "mail"'),
    );
    const heard = made({ stage: 'shop', mail: { from: 'a@b.c' } });
    new Journey(heard.stack, 'Welcome', { kalcifer: heard.kalcifer, file });
    Annotations.fromStack(heard.stack).hasNoWarning('*', Match.anyValue());
  });

  it('is a state machine that logs what the engine was told to', () => {
    const { stack, kalcifer } = made({ stage: 'shop', machineLogLevel: LogLevel.FATAL });
    const journey = new Journey(stack, 'Welcome', {
      kalcifer,
      file: 'statemachines/welcome/v1.journey.json',
    });
    expect([journey.journey, journey.version]).toEqual(['welcome', 1]);
    Template.fromStack(stack).hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineName: 'kalcifer-shop-welcome-v1',
      LoggingConfiguration: { Level: 'FATAL', IncludeExecutionData: false },
    });
  });
});

describe('a registration', () => {
  const file = 'statemachines/welcome/v1.journey.json';

  it('is the only one of its engine', () => {
    const { stack, kalcifer } = made({ stage: 'shop' });
    new Registration(stack, 'First', { kalcifer, journeys: [] });
    expect(() => new Registration(stack, 'Second', { kalcifer, journeys: [] })).toThrow(
      'Theirs/Second: the journeys of stage "shop" are registered already',
    );
  });

  it('is in the stack of its machines, because no other could keep them', () => {
    const { app, stack, kalcifer } = made({ stage: 'shop' });
    const journey = new Journey(stack, 'Welcome', { kalcifer, file });
    const other = new Stack(app, 'Other');
    expect(() => new Registration(other, 'Theirs', { kalcifer, journeys: [journey] })).toThrow(
      'Other/Theirs: welcome v1 is in another stack',
    );
  });

  it('may be, with its machines, in another stack than the engine', () => {
    const { app, kalcifer } = made({ stage: 'shop' });
    const other = new Stack(app, 'Other');
    const journey = new Journey(other, 'Welcome', { kalcifer, file });
    new Registration(other, 'Theirs', { kalcifer, journeys: [journey] });
    Template.fromStack(other).resourceCountIs('AWS::StepFunctions::StateMachine', 1);
  });

  it('has every version once', () => {
    const { stack, kalcifer } = made({ stage: 'shop' });
    const journeys = ['One', 'Two'].map((id) => new Journey(stack, id, { kalcifer, file }));
    expect(() => new Registration(stack, 'Both', { kalcifer, journeys })).toThrow(
      'Theirs/Both: welcome v1 is there twice',
    );
  });
});

function newStack(): Stack {
  return new Stack(uncheckedApp(), 'Theirs');
}

function made(props: KalciferProps): {
  readonly app: App;
  readonly stack: Stack;
  readonly kalcifer: Kalcifer;
  readonly template: Template;
} {
  const app = uncheckedApp();
  const stack = new Stack(app, 'Theirs');
  const kalcifer = new Kalcifer(stack, 'Kalcifer', props);
  return {
    app,
    stack,
    kalcifer,
    get template() {
      return Template.fromStack(stack);
    },
  };
}
