/**
 * The HTTP API: API Gateway in front of one function. Each tenant has a key and a usage plan, so one tenant's calls cannot use up
 * another's share. The gateway asks for the key; whose it is, the function finds by its hash.
 */
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  type IApiKey,
  type IResource,
  type QuotaSettings,
  type ThrottleSettings,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { addGatewayErrors } from './gateway-errors.ts';
import { deploymentName } from './physical-names.ts';

/** A tenant and its share of the API. */
export interface TenantProps {
  readonly name: string;
  /** @default - 100 calls a second, 200 at once */
  readonly throttle?: ThrottleSettings;
  /** @default - none */
  readonly quota?: QuotaSettings;
}

export interface TenantApiProps {
  readonly stage: string;
  readonly handler: IFunction;
  readonly tenants: readonly TenantProps[];
  readonly logRetention: RetentionDays;
}

/** For all callers together, those without a key among them. */
const overallThrottle = { throttlingRateLimit: 1000, throttlingBurstLimit: 2000 };
const tenantThrottle: ThrottleSettings = { rateLimit: 100, burstLimit: 200 };

export class TenantApi extends Construct {
  readonly restApi: RestApi;
  /** The key of each tenant. API Gateway makes up its value; it is in no template. */
  readonly keys: ReadonlyMap<string, IApiKey>;

  constructor(scope: Construct, id: string, props: TenantApiProps) {
    super(scope, id);
    this.restApi = this.makeApi(props);
    addGatewayErrors(this.restApi);
    this.addRoutes(props.handler);
    this.keys = new Map(
      props.tenants.map((tenant) => [tenant.name, this.addTenant(props.stage, tenant)]),
    );
  }

  private makeApi({ stage, logRetention }: TenantApiProps): RestApi {
    const logGroup = new LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/apigateway/${deploymentName(stage)}`,
      retention: logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const api = new RestApi(this, 'Api', {
      restApiName: deploymentName(stage),
      description: `Kalcifer, stage ${stage}`,
      endpointTypes: [EndpointType.REGIONAL],
      // Access logs need a role that is set for the whole account and Region.
      cloudWatchRole: true,
      deployOptions: {
        stageName: 'api',
        ...overallThrottle,
        tracingEnabled: true,
        metricsEnabled: true,
        loggingLevel: MethodLoggingLevel.OFF,
        accessLogDestination: new LogGroupLogDestination(logGroup),
        accessLogFormat: accessLogFormat(),
      },
    });
    // Outputs are the business of the stack.
    api.node.tryRemoveChild('Endpoint');
    explainApi(api);
    return api;
  }

  private addRoutes(handler: IFunction): void {
    // One permission for the whole API: its function takes every call.
    const integration = new LambdaIntegration(handler, { scopePermissionToMethod: false });
    const { root } = this.restApi;
    const any = (resource: IResource, apiKeyRequired: boolean): void => {
      resource.addMethod('ANY', integration, { apiKeyRequired });
    };
    any(root.addResource('health'), false);
    any(root.addResource('openapi.json'), false);
    // Those who call here sign what they send.
    any(root.addResource('callbacks').addResource('{proxy+}'), false);
    any(root.addResource('hooks').addResource('{proxy+}'), false);
    any(root.addResource('{proxy+}'), true);
  }

  private addTenant(stage: string, tenant: TenantProps): IApiKey {
    const { name, throttle = tenantThrottle, quota } = tenant;
    const plan = this.restApi.addUsagePlan(`Plan-${name}`, {
      name: `${deploymentName(stage)}-${name}`,
      throttle,
      ...(quota === undefined ? {} : { quota }),
      apiStages: [{ stage: this.restApi.deploymentStage }],
    });
    const key = this.restApi.addApiKey(`Key-${name}`, {
      apiKeyName: `${deploymentName(stage)}-${name}`,
      description: `Key of the tenant ${name}`,
    });
    plan.addApiKey(key);
    return key;
  }
}

/** No paths, which hold ids of customers, and no addresses of callers. */
function accessLogFormat(): AccessLogFormat {
  const fields = {
    requestId: AccessLogField.contextRequestId(),
    requestTime: AccessLogField.contextRequestTime(),
    httpMethod: AccessLogField.contextHttpMethod(),
    resourcePath: AccessLogField.contextResourcePath(),
    status: AccessLogField.contextStatus(),
    errorType: AccessLogField.contextErrorResponseType(),
    apiKeyId: AccessLogField.contextIdentityApiKeyId(),
    latency: AccessLogField.contextResponseLatency(),
    integrationLatency: AccessLogField.contextIntegrationLatency(),
    responseLength: AccessLogField.contextResponseLength(),
  };
  return AccessLogFormat.custom(JSON.stringify(fields));
}

function explainApi(api: RestApi): void {
  const reasons = {
    'AwsSolutions-APIG2':
      'The function checks every request by its schema and tells all that is wrong with it at once.',
    'AwsSolutions-APIG3':
      'A web ACL is charged by the month and by the call; put one on `kalcifer.api.restApi.deploymentStage` where the API is open to the world.',
    'AwsSolutions-APIG4':
      'The gateway asks for an API key, and the function knows whose it is by its hash. What is open is health, the description of the API, and calls that carry a signature.',
    'AwsSolutions-APIG6':
      'Execution logs hold requests, in a group that API Gateway makes itself and that never ends. The access log has every call.',
    'AwsSolutions-COG4': 'Callers are programs with an API key, not people in a user pool.',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
      'What AWS provides for the one role by which API Gateway writes logs in an account.',
  };
  for (const [rule, reason] of Object.entries(reasons)) {
    Validations.of(api).acknowledge({ id: rule, reason });
  }
}
