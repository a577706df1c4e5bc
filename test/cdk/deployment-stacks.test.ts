import { describe, expect, it } from 'vitest';
import {
  fullest,
  resourcesOf,
  synthesize,
  synthesizeCore,
  type Properties,
  type StackTemplate,
} from '../support/synth-app.ts';

const dev = synthesizeCore({ mailFrom: 'a@b.c' });
const prod = synthesize(fullest);
const core = stackOf('kalcifer-prod');

describe('a deployment', () => {
  it('is one stack, with others only where they are asked for', () => {
    expect(Object.keys(synthesize())).toEqual(['kalcifer-dev']);
    expect(Object.keys(prod).toSorted()).toEqual([
      'kalcifer-prod',
      'kalcifer-prod-chaos',
      'kalcifer-prod-ses-events',
    ]);
  });

  it('tells what a user types next', () => {
    expect(Object.keys(dev.Outputs).toSorted()).toEqual([
      'ApiKeyIdDefault',
      'ApiUrl',
      'BusName',
      'EntryQueueUrl',
      'EventDeadLetterQueueUrl',
      'EventQueueUrl',
      'TableName',
    ]);
    const names = Object.keys(core.Outputs);
    for (const name of ['ApiKeyIdNorth', 'ApiKeyIdSouthShop', 'HistoryQueueUrl']) {
      expect(names).toContain(name);
    }
  });

  it('is the same text whenever it is made', () => {
    expect(JSON.stringify(synthesizeCore({ mailFrom: 'a@b.c' }))).toBe(JSON.stringify(dev));
  });
});

describe('an emulator', () => {
  it('is spared exactly what it does not have', () => {
    const without = typesOf(synthesizeCore({ mailFrom: 'a@b.c', emulator: 'true' }));
    const missing = [...typesOf(dev)].flatMap(([type, count]) => {
      const left = count - (without.get(type) ?? 0);
      return left === 0 ? [] : [[type, left]];
    });
    expect(Object.fromEntries(missing)).toEqual({
      'AWS::Events::Archive': 1,
      // The one on metric math.
      'AWS::CloudWatch::Alarm': 1,
      'AWS::CloudWatch::CompositeAlarm': 1,
    });
    const alarms = resourcesOf(synthesizeCore({ emulator: 'true' }), 'AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThan(8);
    expect(alarms.filter(({ Properties }) => 'Metrics' in Properties)).toEqual([]);
  });
});

describe('a stage', () => {
  it('that is not dev outlives its stack and cannot be deleted by mistake', () => {
    const [table] = resourcesOf(core, 'AWS::DynamoDB::Table');
    expect(table?.DeletionPolicy).toBe('Retain');
    expect(table?.Properties.DeletionProtectionEnabled).toBe(true);
  });

  it('dev goes with its stack', () => {
    const [table] = resourcesOf(dev, 'AWS::DynamoDB::Table');
    expect(table?.DeletionPolicy).toBe('Delete');
    expect(table?.Properties.DeletionProtectionEnabled).toBe(false);
  });
});

describe('events of mails', () => {
  const stack = stackOf('kalcifer-prod-ses-events');

  it('are reported to the default bus, all but that a mail was sent', () => {
    const [destination] = resourcesOf(stack, 'AWS::SES::ConfigurationSetEventDestination');
    const { EventBridgeDestination, MatchingEventTypes } = destination?.Properties.EventDestination;
    expect(JSON.stringify(EventBridgeDestination.EventBusArn)).toContain(':event-bus/default');
    expect(MatchingEventTypes.toSorted()).toEqual([
      'bounce',
      'click',
      'complaint',
      'delivery',
      'open',
      'reject',
    ]);
  });

  it('come into the event queue when they are of this stage and carry our tags, and are put aside when they cannot', () => {
    const [rule] = resourcesOf(stack, 'AWS::Events::Rule');
    const [destination] = resourcesOf(stack, 'AWS::SES::ConfigurationSetEventDestination');
    expect(rule?.Properties.EventBusName).toBeUndefined();
    expect(rule?.Properties.EventPattern).toEqual({
      source: ['aws.ses'],
      detail: {
        mail: {
          tags: {
            'ses:configuration-set': [destination?.Properties.ConfigurationSetName],
            kalcifer_tenant: [{ exists: true }],
          },
        },
      },
    });
    expect(rule?.Properties.Targets[0]).toHaveProperty('DeadLetterConfig');
  });

  it('are let in by the queues of the core stack, by the name of the rule', () => {
    const [rule] = resourcesOf(stack, 'AWS::Events::Rule');
    const policies = resourcesOf(core, 'AWS::SQS::QueuePolicy').filter(({ Properties }) =>
      JSON.stringify(Properties.PolicyDocument).includes(`:rule/${String(rule?.Properties.Name)}`),
    );
    expect(policies).toHaveLength(2);
  });

  it('belong to the configuration set that mails are sent with', () => {
    const [set] = resourcesOf(core, 'AWS::SES::ConfigurationSet');
    const channel = functionNamed('kalcifer-prod-run-channel');
    expect(channel.Environment.Variables.KALCIFER_MAIL_CONFIGURATION_SET).toEqual({ Ref: set?.id });
    expect(resourcesOf(dev, 'AWS::SES::ConfigurationSet')).toEqual([]);
  });
});

describe('experiments', () => {
  const templates = resourcesOf(stackOf('kalcifer-prod-chaos'), 'AWS::FIS::ExperimentTemplate');

  it('delay calls, and let them fail before and after the function has run', () => {
    const actions = templates.map(({ Properties }) => {
      const [action] = Object.values<{
        ActionId: string;
        Parameters: { preventExecution?: string };
      }>(Properties.Actions);
      return [action?.ActionId, action?.Parameters.preventExecution];
    });
    expect(actions.toSorted()).toEqual([
      ['aws:lambda:invocation-add-delay', undefined],
      ['aws:lambda:invocation-error', 'false'],
      ['aws:lambda:invocation-error', 'true'],
    ]);
  });

  it('end when customers are harmed', () => {
    for (const { Properties } of templates) {
      const sources = Properties.StopConditions.map(({ Source }: { Source: string }) => Source);
      expect(sources).toEqual(Array(4).fill('aws:cloudwatch:alarm'));
    }
  });

  it('go by a tag that exactly the functions with the extension carry', () => {
    const tag = { Key: 'kalcifer:disturbable', Value: 'kalcifer-prod' };
    for (const { Properties } of templates) {
      const [target] = Object.values<{ ResourceTags: object }>(Properties.Targets);
      expect(target?.ResourceTags).toEqual({ [tag.Key]: tag.Value });
    }
    const functions = resourcesOf(core, 'AWS::Lambda::Function');
    const tagged = functions.filter(({ Properties }) =>
      JSON.stringify(Properties.Tags ?? []).includes(tag.Key),
    );
    const layered = functions.filter(
      ({ Properties }) =>
        Properties.Layers?.length === 1 &&
        Properties.Environment.Variables.AWS_LAMBDA_EXEC_WRAPPER === '/opt/aws-fis/bootstrap',
    );
    expect(tagged.map(({ id }) => id)).toEqual(layered.map(({ id }) => id));
    expect(tagged).toHaveLength(8);
  });

  it('leave no trace where nothing may be disturbed', () => {
    const text = JSON.stringify(dev);
    expect(text).not.toContain('aws-fis');
    expect(text).not.toContain('AWS::S3::Bucket');
  });
});

function stackOf(name: string): StackTemplate {
  const found = prod[name];
  if (found === undefined) throw new Error(`there is no stack ${name}`);
  return found;
}

function functionNamed(name: string): Properties {
  const found = resourcesOf(core, 'AWS::Lambda::Function').find(
    ({ Properties }) => Properties.FunctionName === name,
  );
  return found?.Properties ?? {};
}

function typesOf(template: StackTemplate): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { Type } of Object.values(template.Resources)) {
    counts.set(Type, (counts.get(Type) ?? 0) + 1);
  }
  return counts;
}
