import { Stack, Validations, type App } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { addDeploymentStacks } from '../../lib/cdk/deployment-stacks.ts';
import { Kalcifer } from '../../lib/cdk/kalcifer.ts';
import { fullest, checkedApp } from '../support/synth-app.ts';

describe('cdk-nag', () => {
  it.each([
    ['the smallest deployment', {}],
    ['everything switched on', fullest],
    [
      'an emulator',
      { emulator: 'true', mailFrom: 'a@b.c', clickhouseUrl: 'http://localhost:8123' },
    ],
  ])('finds nothing without a reason: %s', (_what, context) => {
    const app = checkedApp(context);
    addDeploymentStacks(app);
    expect(() => app.synth()).not.toThrow();
  });

  it('finds nothing without a reason in what only a stack of somebody’s own can ask for', () => {
    const app = checkedApp();
    const stack = new Stack(app, 'Theirs');
    const encryptionKey = new Key(stack, 'Key', { enableKeyRotation: true });
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['a'],
      privateSubnetIds: ['subnet-0123456789abcdef0'],
    });
    new Kalcifer(stack, 'Kalcifer', {
      stage: 'shop',
      encryptionKey,
      clickhouse: { url: 'http://clickhouse.internal:8123', network: { vpc } },
    });
    expect(() => app.synth()).not.toThrow();
  });

  it('ends the synthesis when it finds something, by either of its packs', () => {
    const app = checkedApp();
    const stack = addDeploymentStacks(app);
    new Bucket(stack, 'Open');
    new LogGroup(stack, 'Endless', { retention: RetentionDays.INFINITE });
    expect(() => app.synth()).toThrow(
      /AwsSolutions-S10.*Serverless-CloudWatchLogGroupRetentionPeriod/s,
    );
  });

  it('is given reasons that are sentences', () => {
    const app = checkedApp(fullest);
    addDeploymentStacks(app);
    const reasons = reasonsIn(app);
    expect(reasons.length).toBeGreaterThan(50);
    expect(reasons.filter((reason) => reason.split(' ').length < 5)).toEqual([]);
  });
});

function reasonsIn(app: App): readonly string[] {
  return app.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.values(data as Record<string, string>));
}
