/**
 * What the Fault Injection Service needs before it can disturb a function: its extension in the function, a place where experiments
 * leave their orders, a role that may write them, and the tag that experiments go by. Only functions that have the extension carry it.
 */
import { Aws, Duration, RemovalPolicy, Tags, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  LayerVersion,
  type Function as LambdaFunction,
  type ILayerVersion,
} from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { deploymentName } from './physical-names.ts';
import { explainWildcard } from './wildcard-reason.ts';

/** AWS keeps the newest version of its extension under this name in every Region. */
const extensionParameter = '/aws/service/fis/lambda-extension/AWS-FIS-extension-arm64/1.x.x';

/** Where in the bucket the orders lie: the service's own choice of a name. */
const ordersFolder = 'FisConfigs/';

export class FaultLayer extends Construct {
  /** Key and value of the tag that disturbable functions carry. */
  readonly tag: { readonly key: string; readonly value: string };
  /** By which experiments work. */
  readonly role: Role;
  /** Orders of running experiments, nothing else. */
  private readonly bucket: Bucket;
  private readonly orders: string;
  private readonly layer: ILayerVersion;

  constructor(scope: Construct, id: string, props: { readonly stage: string }) {
    super(scope, id);
    this.tag = { key: 'kalcifer:disturbable', value: deploymentName(props.stage) };
    this.layer = LayerVersion.fromLayerVersionArn(
      this,
      'Extension',
      StringParameter.valueForStringParameter(this, extensionParameter),
    );
    this.bucket = new Bucket(this, 'Orders', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(1) }],
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'It holds the orders of an experiment while that runs; who reads and writes them is fixed by two roles.',
    });
    this.orders = this.bucket.arnForObjects(`${ordersFolder}*`);
    this.role = this.makeRole();
  }

  attachTo(fn: DisturbableFunction): void {
    fn.addLayers(this.layer);
    fn.addEnvironment('AWS_LAMBDA_EXEC_WRAPPER', '/opt/aws-fis/bootstrap');
    fn.addEnvironment('AWS_FIS_CONFIGURATION_LOCATION', `${this.bucket.bucketArn}/${ordersFolder}`);
    // Our functions are short: without this, a call could be over before the extension has looked.
    fn.addEnvironment('AWS_FIS_POLL_MAX_WAIT_MILLISECONDS', '2000');
    fn.allow({
      actions: ['s3:ListBucket'],
      resources: [this.bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': `${ordersFolder}*` } },
    });
    fn.allow({
      actions: ['s3:GetObject'],
      resources: [this.orders],
      wildcardReason: 'The service names the orders of an experiment when it begins.',
    });
    this.role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:GetFunction'], resources: [fn.functionArn] }),
    );
    Tags.of(fn).add(this.tag.key, this.tag.value, {
      includeResourceTypes: ['AWS::Lambda::Function'],
    });
  }

  private makeRole(): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('fis.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: 'Gives orders to the functions that carry the tag',
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:DeleteObject'],
        resources: [this.orders],
      }),
    );
    role.addToPolicy(
      new PolicyStatement({
        actions: ['tag:GetResources', 'cloudwatch:DescribeAlarms'],
        resources: ['*'],
      }),
    );
    explainWildcard(role, this.orders, 'The service names the orders of an experiment.');
    explainWildcard(
      role,
      '*',
      'What carries a tag is looked for among all resources, and alarms are looked at only.',
    );
    return role;
  }
}

/** As much of a function as this needs. */
interface DisturbableFunction extends LambdaFunction {
  allow(permission: {
    readonly actions: readonly string[];
    readonly resources: readonly string[];
    readonly wildcardReason?: string;
    readonly conditions?: Record<string, unknown>;
  }): void;
}
