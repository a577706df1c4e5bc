/**
 * What each function may do, action by action and on what. The list is the whole of it: anything more, or on anything else, fails.
 */
import { describe, expect, it } from 'vitest';
import { fullest, resourcesOf, synthesizeCore } from '../support/synth-app.ts';

/** The stage `prod`, with every channel, history, and functions that may be disturbed. */
const template = synthesizeCore(fullest);

const table = [
  'dynamodb:ConditionCheckItem on Table',
  'dynamodb:DeleteItem on Table',
  'dynamodb:GetItem on Table',
  'dynamodb:PutItem on Table',
  'dynamodb:Query on Table',
  'dynamodb:Query on Table/index/by-index',
];
const stop = ['states:StopExecution on execution:kalcifer-prod-*'];
const steer = [...stop, 'states:SendTaskSuccess on stateMachine:kalcifer-prod-*'];
const askForStart = ['sqs:SendMessage on EntriesQueue'];
/** Of functions that experiments may disturb. */
const orders = ['s3:GetObject on FaultsOrders/FisConfigs/*', 's3:ListBucket on FaultsOrders'];

const allowed: Readonly<Record<string, readonly string[]>> = {
  'run-entry': [...table, ...stop, ...orders],
  'run-channel': [
    ...table,
    ...steer,
    ...orders,
    'ses:SendRawEmail on identity/*',
    'ses:SendRawEmail on configuration-set/MailReports',
    'sms-voice:SendTextMessage on configuration-set/texts',
    'sms-voice:SendTextMessage on phone-number/*',
    'sms-voice:SendTextMessage on pool/*',
    'sms-voice:SendTextMessage on sender-id/*',
    'sns:Publish on endpoint/*',
    'social-messaging:SendWhatsAppMessage on phone-number-id/*',
  ],
  'run-logic': [...table, ...steer, ...orders],
  'run-data': [...table, ...steer, ...orders, ...askForStart],
  'run-wait': [...table, ...steer, ...orders],
  'run-exit': [...table, ...steer, ...orders],
  'resolve-wait': [...table, ...steer, ...orders, ...askForStart],
  'fail-instance': [...table, ...orders],
  'receive-event': [...table, ...steer, ...askForStart, ...consume('IntakeEventsQueue')],
  enrol: [
    'dynamodb:GetItem on Table',
    'states:StartExecution on stateMachine:kalcifer-prod-*',
    ...consume('EntriesQueue'),
  ],
  sweep: [...table, ...steer, ...askForStart],
  reconcile: [...table, ...askForStart, ...consume('EndingsEndedQueue')],
  api: [
    ...table,
    ...steer,
    ...askForStart,
    'states:CreateStateMachine on stateMachine:kalcifer-prod-*',
    'states:DescribeStateMachine on stateMachine:kalcifer-prod-*',
    'states:TagResource on stateMachine:kalcifer-prod-*',
    'iam:PassRole on MachinesRole',
  ],
  'register-journeys': [
    ...table,
    'apigateway:GET on /apikeys/ApiKeynorth',
    'apigateway:GET on /apikeys/ApiKeysouthshop',
  ],
  'forward-history': [
    'dynamodb:GetItem on Table',
    'dynamodb:DescribeStream on Table.StreamArn',
    'dynamodb:GetRecords on Table.StreamArn',
    'dynamodb:GetShardIterator on Table.StreamArn',
    'dynamodb:ListStreams on *',
    'sqs:SendMessage on HistoryQueue',
    'sqs:SendMessage on HistoryUnread',
  ],
  'record-history': [
    ...consume('HistoryQueue'),
    'sqs:SendMessage on HistoryQueue',
    'sqs:SendMessage on HistoryPutAside',
    'secretsmanager:DescribeSecret on arn:aws:secretsmanager:eu-west-1:111122223333:secret:clickhouse-AbCdEf',
    'secretsmanager:GetSecretValue on arn:aws:secretsmanager:eu-west-1:111122223333:secret:clickhouse-AbCdEf',
  ],
};

/** Every function writes its own log and its traces. */
const ofAll = ['xray:PutTelemetryRecords on *', 'xray:PutTraceSegments on *'];

describe('a function may do', () => {
  it.each(Object.entries(allowed))('what it needs and nothing else: %s', (verb, actions) => {
    const granted = grantedTo(roleOfFunction(verb));
    const ownLog = granted.filter((one) => one.startsWith('logs:'));
    expect(ownLog.map((one) => one.split(' on ')[0])).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
    expect(new Set(ownLog.map((one) => one.split(' on ')[1])).size).toBe(1);
    expect(granted.filter((one) => !one.startsWith('logs:'))).toEqual(
      [...ofAll, ...actions].toSorted(),
    );
  });

  it('something only when it is in the list', () => {
    const verbs = resourcesOf(template, 'AWS::Lambda::Function').map(({ Properties }) =>
      String(Properties.FunctionName).replace('kalcifer-prod-', ''),
    );
    expect(verbs.toSorted()).toEqual(Object.keys(allowed).toSorted());
  });

  it('nothing by a managed policy, nor by one written into its role', () => {
    const roles = resourcesOf(template, 'AWS::IAM::Role').filter(
      ({ id }) => !id.includes('CloudWatchRole'),
    );
    expect(roles.length).toBeGreaterThan(15);
    expect(
      roles.filter(({ Properties }) => Properties.ManagedPolicyArns ?? Properties.Policies),
    ).toEqual([]);
  });

  it('pass the role of machines to Step Functions only', () => {
    const pass = statementsOf(roleOfFunction('api')).find(
      ({ Action }) => Action === 'iam:PassRole',
    );
    expect(pass?.Condition).toEqual({
      StringEquals: { 'iam:PassedToService': 'states.amazonaws.com' },
    });
  });
});

describe('the role of state machines', () => {
  const [machine] = resourcesOf(template, 'AWS::StepFunctions::StateMachine');
  const granted = grantedTo(targetOf(machine?.Properties.RoleArn));

  it('calls the eight functions of nodes, and no other', () => {
    expect(granted.filter((one) => one.startsWith('lambda:'))).toEqual(
      ['Channel', 'Data', 'Entry', 'Exit', 'FailInstance', 'Logic', 'ResolveWait', 'Wait'].map(
        (family) => `lambda:InvokeFunction on Nodes${family}Function`,
      ),
    );
  });

  it('otherwise only delivers logs and traces', () => {
    const others = granted.filter((one) => !one.startsWith('lambda:'));
    expect(others.filter((one) => !/^(?:logs|xray):\w+ on \*$/.test(one))).toEqual([]);
  });
});

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

function consume(queue: string): readonly string[] {
  return ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map(
    (action) => `sqs:${action} on ${queue}`,
  );
}

function roleOfFunction(verb: string): string {
  const found = resourcesOf(template, 'AWS::Lambda::Function').find(
    ({ Properties }) => Properties.FunctionName === `kalcifer-prod-${verb}`,
  );
  return targetOf(found?.Properties.Role);
}

function targetOf(arn: unknown): string {
  return (arn as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];
}

function statementsOf(role: string): readonly Statement[] {
  return resourcesOf(template, 'AWS::IAM::Policy')
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as Statement[]);
}

/** `sqs:SendMessage on EntriesQueue`, in order. */
function grantedTo(role: string): readonly string[] {
  return statementsOf(role)
    .flatMap(({ Action, Resource }) =>
      listOf(Action).flatMap((action) =>
        listOf(Resource).map((resource) => `${action} on ${plain(resource)}`),
      ),
    )
    .toSorted();
}

function listOf<Value>(value: Value | readonly Value[]): readonly Value[] {
  return Array.isArray(value) ? (value as readonly Value[]) : [value as Value];
}

/** What a permission is about, by the names that things have in the code. */
function plain(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const {
    Ref: reference,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
  } = resource as {
    Ref?: string;
    'Fn::GetAtt'?: [string, string];
    'Fn::Join'?: [string, unknown[]];
  };
  if (reference !== undefined) return reference.startsWith('AWS::') ? '' : nameOf(reference);
  if (attribute !== undefined) {
    return `${nameOf(attribute[0])}${attribute[1] === 'Arn' ? '' : `.${attribute[1]}`}`;
  }
  const text = (join?.[1] ?? []).map(plain).join('');
  return text.replace(/^arn:.*?:.*?:.*?:.*?:/, '');
}

/** `KalciferEntriesQueueEE962E8F` -> `EntriesQueue` */
function nameOf(logicalId: string): string {
  return logicalId
    .replace(/[0-9A-F]{8}$/, '')
    .replace(/^Kalcifer/, '')
    .replace(/^(?:Storage|HistoryHistory|History(?=HistoryQueue))/, '');
}
