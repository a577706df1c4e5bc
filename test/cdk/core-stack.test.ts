import { describe, expect, it } from 'vitest';
import { historyFilter } from '../../lib/history-rows.ts';
import { tableShape } from '../../lib/table-shape.ts';
import {
  fullest,
  resourcesOf,
  synthesizeCore,
  type Properties,
  type Resource,
  type StackTemplate,
} from '../support/synth-app.ts';

const dev = synthesizeCore({ mailFrom: 'journeys@example.com' });
const full = synthesizeCore(fullest);

describe('the table', () => {
  const table = only(full, 'AWS::DynamoDB::Table').Properties;

  it('has the shape that the adapter writes by', () => {
    const { partitionKey, sortKey, index, keyTypes } = tableShape;
    expect(table.KeySchema).toEqual(keySchema(partitionKey, sortKey));
    expect(table.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: index.name,
        KeySchema: keySchema(index.partitionKey, index.sortKey),
        Projection: { ProjectionType: 'ALL' },
      },
    ]);
    const types = table.AttributeDefinitions.map(
      (one: { AttributeName: string; AttributeType: string }) => [
        one.AttributeName,
        one.AttributeType,
      ],
    );
    expect(Object.fromEntries(types)).toEqual(keyTypes);
  });

  it('can be restored to any second, is paid by use, and lies under a key of the account', () => {
    expect(table).toMatchObject({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
    });
  });

  it('loses by age only what carries an expiry', () => {
    expect(table.TimeToLiveSpecification).toEqual({
      AttributeName: tableShape.expiry,
      Enabled: true,
    });
  });

  it('can be followed', () => {
    expect(table.StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
  });
});

describe('every queue', () => {
  const queues = resourcesOf(full, 'AWS::SQS::Queue');
  const workQueues = queues.filter(({ Properties }) => 'RedrivePolicy' in Properties);

  it('is encrypted, keeps messages for two weeks, and takes none in clear text', () => {
    const policies = JSON.stringify(resourcesOf(full, 'AWS::SQS::QueuePolicy'));
    expect(queues).toHaveLength(9);
    for (const { id, Properties } of queues) {
      expect(Properties).toMatchObject({
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: 1_209_600,
      });
      expect(policies).toContain(
        `{"Action":"sqs:*","Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny","Principal":{"AWS":"*"},"Resource":{"Fn::GetAtt":["${id}","Arn"]}}`,
      );
    }
  });

  it('that is worked off has another beside it for what cannot be', () => {
    expect(
      workQueues.map(({ Properties }) => Properties.RedrivePolicy.maxReceiveCount as number),
    ).toEqual([5, 1000, 100, 1000]);
  });

  it.each([
    ['receive-event', { BatchSize: 10 }],
    ['enrol', { BatchSize: 10, ScalingConfig: { MaximumConcurrency: 10 } }],
    [
      'reconcile',
      {
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 5,
        ScalingConfig: { MaximumConcurrency: 2 },
      },
    ],
    [
      'record-history',
      {
        BatchSize: 100,
        MaximumBatchingWindowInSeconds: 10,
        ScalingConfig: { MaximumConcurrency: 2 },
      },
    ],
  ])('is worked off by %s, which answers for each message', (verb, asked) => {
    const worker = functionOf(full, verb);
    const mapping = mappingOf(full, worker.id);
    const queue = full.Resources[mapping.EventSourceArn['Fn::GetAtt'][0]];
    expect(mapping).toMatchObject({ ...asked, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(queue?.Properties.VisibilityTimeout).toBeGreaterThanOrEqual(
      6 * worker.Properties.Timeout,
    );
  });
});

describe('events', () => {
  it('come from the bus of the stage into the queue, and are put aside when they cannot', () => {
    const rule = ruleOf('IntakeAll');
    expect(only(dev, 'AWS::Events::EventBus').Properties.Name).toBe('kalcifer-dev');
    expect(rule.EventPattern).toEqual({ account: [{ Ref: 'AWS::AccountId' }] });
    expect(rule.Targets).toHaveLength(1);
    expect(rule.Targets[0]).toMatchObject({
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringContaining('PutAside'), 'Arn'] } },
      RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
    });
  });

  it('of executions that end, however they end, come from the default bus', () => {
    const rule = ruleOf('EndingsOfMachines');
    expect(rule).not.toHaveProperty('EventBusName');
    expect(rule.EventPattern).toMatchObject({
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] },
    });
    const [machines] = rule.EventPattern.detail.stateMachineArn as [{ prefix: object }];
    expect(JSON.stringify(machines.prefix)).toMatch(/:stateMachine:kalcifer-dev-"\]\]}$/);
    expect(rule.Targets[0]).toMatchObject({
      Arn: { 'Fn::GetAtt': [expect.stringContaining('EndingsEndedQueue'), 'Arn'] },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringContaining('PutAside'), 'Arn'] } },
    });
  });

  it('are kept for a month, to be replayed', () => {
    expect(only(dev, 'AWS::Events::Archive').Properties).toMatchObject({ RetentionDays: 30 });
  });
});

describe('history', () => {
  it('is read from the stream of the table, only the rows that it is made of', () => {
    const mapping = mappingOf(full, functionOf(full, 'forward-history').id);
    expect(mapping).toMatchObject({
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: 72_000,
      StartingPosition: 'TRIM_HORIZON',
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringContaining('Unread'), 'Arn'] } },
      },
    });
    const [filter] = mapping.FilterCriteria.Filters;
    expect(JSON.parse(filter.Pattern)).toEqual(historyFilter);
  });

  it('is not read where there is no ClickHouse', () => {
    const verbs = resourcesOf(dev, 'AWS::Lambda::Function').map(({ Properties }) =>
      String(Properties.FunctionName),
    );
    expect(verbs.filter((verb) => verb.endsWith('history'))).toEqual([]);
    expect(resourcesOf(dev, 'AWS::Lambda::EventSourceMapping')).toHaveLength(3);
  });

  it('is written with the credentials of a secret, which no template holds', () => {
    const { Variables } = functionOf(full, 'record-history').Properties.Environment;
    expect(Variables).toMatchObject({
      KALCIFER_CLICKHOUSE_URL: 'https://clickhouse.example.com:8443',
      KALCIFER_CLICKHOUSE_DATABASE: 'journeys',
      KALCIFER_CLICKHOUSE_SECRET:
        'arn:aws:secretsmanager:eu-west-1:111122223333:secret:clickhouse-AbCdEf',
    });
  });
});

describe('every function', () => {
  const functions = resourcesOf(full, 'AWS::Lambda::Function');

  it('runs on Node 24 on arm64, is traced, and is named by what it does', () => {
    expect(functions).toHaveLength(16);
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
        FunctionName: expect.stringMatching(/^kalcifer-prod-[a-z-]+$/),
      });
    }
  });

  it('writes a log of its own', () => {
    const groups = functions.map(({ Properties }) => Properties.LoggingConfig.LogGroup.Ref);
    expect(new Set(groups).size).toBe(functions.length);
  });

  it('leaves the concurrency of the account to all', () => {
    expect(
      functions.filter(({ Properties }) => 'ReservedConcurrentExecutions' in Properties),
    ).toEqual([]);
  });
});

describe('every log', () => {
  it.each([
    ['a small deployment', dev],
    ['a full one', full],
  ])('ends after a month: %s', (_what, template) => {
    const groups = resourcesOf(template, 'AWS::Logs::LogGroup');
    expect(groups.length).toBeGreaterThan(14);
    expect(groups.map(({ Properties }) => Properties.RetentionInDays as number)).toEqual(
      Array(groups.length).fill(30),
    );
  });

  it('of the API names no path, no address and nobody', () => {
    const { AccessLogSetting } = only(full, 'AWS::ApiGateway::Stage').Properties;
    const fields = JSON.parse(AccessLogSetting.Format) as Record<string, string>;
    const harmless =
      /^\$context\.(?:requestId|requestTime|httpMethod|resourcePath|status|error\.responseType|identity\.apiKeyId|responseLatency|integrationLatency|responseLength)$/;
    expect(Object.values(fields).filter((field) => !harmless.test(field))).toEqual([]);
  });
});

describe('the sweep', () => {
  it('is called every minute, and not again when it fails', () => {
    expect(only(dev, 'AWS::Scheduler::Schedule').Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      Target: { RetryPolicy: { MaximumRetryAttempts: 0 } },
    });
    const sweep = functionOf(dev, 'sweep').id;
    const config = resourcesOf(dev, 'AWS::Lambda::EventInvokeConfig').find(
      ({ Properties }) => Properties.FunctionName.Ref === sweep,
    );
    expect(config?.Properties.MaximumRetryAttempts).toBe(0);
  });
});

describe('the functions that make machines', () => {
  it('know the nodes, the role and the beginning of names', () => {
    const { Variables } = functionOf(dev, 'api').Properties.Environment;
    expect(Variables.KALCIFER_MACHINE_PREFIX).toBe('kalcifer-dev-');
    expect(Variables.KALCIFER_MACHINE_ROLE).toHaveProperty('Fn::GetAtt');
    expect(JSON.stringify(Variables.KALCIFER_NODE_FUNCTIONS)).toContain('FailInstanceFunction');
  });
});

function ruleOf(id: string): Resource['Properties'] {
  const rules = resourcesOf(dev, 'AWS::Events::Rule').filter((one) => one.id.includes(id));
  expect(rules).toHaveLength(1);
  return rules[0]?.Properties ?? {};
}

function only(template: StackTemplate, type: string): Resource {
  const [found, ...others] = resourcesOf(template, type);
  if (found === undefined || others.length > 0) throw new Error(`not one ${type}`);
  return found;
}

function functionOf(template: StackTemplate, verb: string): Resource & { readonly id: string } {
  const found = resourcesOf(template, 'AWS::Lambda::Function').find(({ Properties }) =>
    String(Properties.FunctionName).endsWith(`-${verb}`),
  );
  if (found === undefined) throw new Error(`no function ${verb}`);
  return found;
}

function mappingOf(template: StackTemplate, functionId: string): Properties {
  const found = resourcesOf(template, 'AWS::Lambda::EventSourceMapping').find(
    ({ Properties }) => Properties.FunctionName.Ref === functionId,
  );
  return found?.Properties ?? {};
}

function keySchema(partitionKey: string, sortKey: string): unknown {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    { AttributeName: sortKey, KeyType: 'RANGE' },
  ];
}
