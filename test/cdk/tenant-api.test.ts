import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Period } from 'aws-cdk-lib/aws-apigateway';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import { TenantApi, type TenantProps } from '../../lib/cdk/tenant-api.ts';
import { uncheckedApp } from '../support/synth-app.ts';

describe('a route', () => {
  const template = apiFor([{ name: 'default' }]);
  const resources = template.findResources('AWS::ApiGateway::Resource');
  const methods = Object.values(template.findResources('AWS::ApiGateway::Method'));

  it('asks for a key unless its callers sign what they send, or it tells nothing of anybody', () => {
    const open = methods.filter(({ Properties }) => Properties.ApiKeyRequired === false);
    const keyed = methods.filter(({ Properties }) => Properties.ApiKeyRequired === true);
    expect(open.map(({ Properties }) => pathOf(Properties.ResourceId)).toSorted()).toEqual([
      '/callbacks/{proxy+}',
      '/health',
      '/hooks/{proxy+}',
      '/openapi.json',
    ]);
    expect(keyed.map(({ Properties }) => pathOf(Properties.ResourceId))).toEqual(['/{proxy+}']);
    expect(open.length + keyed.length).toBe(methods.length);
  });

  it('is answered by the function, whatever its method', () => {
    for (const { Properties } of methods) {
      expect(Properties).toMatchObject({ HttpMethod: 'ANY', Integration: { Type: 'AWS_PROXY' } });
    }
  });

  function pathOf(id: { readonly Ref?: string }): string {
    const resource = id.Ref === undefined ? undefined : resources[id.Ref];
    if (resource === undefined) return '';
    return `${pathOf(resource.Properties.ParentId)}/${String(resource.Properties.PathPart)}`;
  }
});

describe('a tenant', () => {
  it('has a key and a plan of its own', () => {
    const template = apiFor([
      { name: 'north' },
      {
        name: 'south',
        throttle: { rateLimit: 5, burstLimit: 10 },
        quota: { limit: 1000, period: Period.DAY },
      },
    ]);
    const plans = Object.values(template.findResources('AWS::ApiGateway::UsagePlan'));
    expect(
      plans.map(({ Properties }) => [
        Properties.UsagePlanName,
        Properties.Throttle,
        Properties.Quota,
      ]),
    ).toEqual([
      ['kalcifer-test-north', { RateLimit: 100, BurstLimit: 200 }, undefined],
      ['kalcifer-test-south', { RateLimit: 5, BurstLimit: 10 }, { Limit: 1000, Period: 'DAY' }],
    ]);
    template.resourceCountIs('AWS::ApiGateway::ApiKey', 2);
    template.resourceCountIs('AWS::ApiGateway::UsagePlanKey', 2);
  });
});

describe('what the gateway refuses by itself', () => {
  it('has the shape of the API’s own errors', () => {
    const responses = apiFor([{ name: 'default' }]).findResources(
      'AWS::ApiGateway::GatewayResponse',
    );
    const told = Object.values(responses).map(({ Properties }) => {
      const body = JSON.parse(Properties.ResponseTemplates['application/json']);
      expect(Object.keys(body)).toEqual(['error']);
      expect(body.error.message).toMatch(/\.$/);
      return [Properties.ResponseType, Properties.StatusCode, body.error.code];
    });
    expect(told.toSorted()).toEqual([
      ['DEFAULT_5XX', '503', 'api.unavailable'],
      ['INVALID_API_KEY', '401', 'key.unknown'],
      ['MISSING_AUTHENTICATION_TOKEN', '404', 'route.unknown'],
      ['QUOTA_EXCEEDED', '429', 'api.quota_exceeded'],
      ['REQUEST_TOO_LARGE', '413', 'body.too_large'],
      ['THROTTLED', '429', 'api.throttled'],
    ]);
  });
});

function apiFor(tenants: readonly TenantProps[]): Template {
  const stack = new Stack(uncheckedApp(), 'Test');
  const handler = new LambdaFunction(stack, 'Handler', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => ({})'),
  });
  new TenantApi(stack, 'Api', {
    stage: 'test',
    handler,
    tenants,
    logRetention: RetentionDays.ONE_MONTH,
  });
  return Template.fromStack(stack);
}
