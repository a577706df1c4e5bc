import { describe, expect, it } from 'vitest';
import { metric, metricNamespace } from '../../lib/metric.ts';
import { fullest, resourcesOf, synthesizeCore } from '../support/synth-app.ts';

const full = synthesizeCore(fullest);
const alarms = new Map(
  resourcesOf(full, 'AWS::CloudWatch::Alarm').map(({ Properties }) => [
    String(Properties.AlarmName).replace('kalcifer-prod-', ''),
    Properties,
  ]),
);

describe('alarms', () => {
  it('watch what has to be watched, and nothing twice', () => {
    expect([...alarms.keys()].toSorted()).toEqual([
      'api-errors',
      'endings-put-aside',
      'entries-late',
      'entries-put-aside',
      'events-late',
      'events-put-aside',
      'failed-nodes',
      'history-behind',
      'history-late',
      'history-put-aside',
      'history-unread',
      'lost-executions',
      'stuck-instances',
      'sweep-stands-still',
      'throttled-executions',
      'throttled-starts',
      'unexpected-errors',
    ]);
  });

  it('watch every queue in which messages are put aside', () => {
    const aside = resourcesOf(full, 'AWS::SQS::Queue').filter(
      ({ Properties }) => !('RedrivePolicy' in Properties),
    );
    const watched = [...alarms.values()]
      .filter(({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible')
      .map(({ Dimensions }) => Dimensions[0].Value['Fn::GetAtt'][0] as string);
    expect(watched.toSorted()).toEqual(aside.map(({ id }) => id).toSorted());
  });

  it.each([
    ['stuck-instances', metric.stuckInstances],
    ['failed-nodes', metric.nodesFailed],
    ['lost-executions', metric.executionsLost],
    ['throttled-starts', metric.executionsThrottled],
    ['unexpected-errors', metric.unexpectedErrors],
  ])('know %s by the metric that the functions write', (name, metricName) => {
    expect(alarms.get(name)).toMatchObject({
      Namespace: metricNamespace,
      MetricName: metricName,
      Dimensions: [{ Name: 'service', Value: 'kalcifer-prod' }],
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  it('look at all state machines at once for delayed executions', () => {
    expect(alarms.get('throttled-executions')?.Metrics[0].Expression).toBe(
      'SELECT SUM(ExecutionThrottled) FROM SCHEMA("AWS/States", StateMachineArn)',
    );
  });

  it('take silence for a bad sign only of the sweep', () => {
    const alarming = [...alarms].filter(
      ([, { TreatMissingData }]) => TreatMissingData === 'breaching',
    );
    expect(alarming.map(([name]) => name)).toEqual(['sweep-stands-still']);
  });

  it('all tell the topic, where there is one', () => {
    for (const { AlarmActions } of alarms.values()) {
      expect(AlarmActions).toEqual([fullest.alarmTopic]);
    }
    const quiet = resourcesOf(synthesizeCore(), 'AWS::CloudWatch::Alarm');
    expect(quiet.filter(({ Properties }) => 'AlarmActions' in Properties)).toEqual([]);
  });

  it('are all in the one that says whether anything is wrong', () => {
    const [composite] = resourcesOf(full, 'AWS::CloudWatch::CompositeAlarm');
    const rule = JSON.stringify(composite?.Properties.AlarmRule);
    const ids = resourcesOf(full, 'AWS::CloudWatch::Alarm').map(({ id }) => id);
    expect(ids.filter((id) => !rule.includes(`"${id}"`))).toEqual([]);
  });
});

describe('the dashboard', () => {
  it('is one, named like the deployment', () => {
    const dashboards = resourcesOf(full, 'AWS::CloudWatch::Dashboard');
    expect(dashboards.map(({ Properties }) => Properties.DashboardName)).toEqual(['kalcifer-prod']);
  });

  it('finds the machines of versions that come later by their names', () => {
    const [dashboard] = resourcesOf(full, 'AWS::CloudWatch::Dashboard');
    expect(JSON.stringify(dashboard?.Properties.DashboardBody)).toContain('kalcifer prod');
  });
});
