/** One dashboard: what comes in, what runs, what goes out, what is wrong. */
import { Duration } from 'aws-cdk-lib';
import {
  Dashboard,
  GraphWidget,
  MathExpression,
  Stats,
  AlarmStatusWidget,
  type IMetric,
  type IWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { nodeFunctions } from '../compiler/node-functions.ts';
import { engineMetric } from './engine-metric.ts';
import type { Kalcifer } from './kalcifer.ts';
import { deploymentName } from './physical-names.ts';

export interface EngineDashboardProps {
  readonly kalcifer: Kalcifer;
}

const period = Duration.minutes(5);
const max = { period, statistic: Stats.MAXIMUM };

export class EngineDashboard extends Construct {
  constructor(scope: Construct, id: string, { kalcifer }: EngineDashboardProps) {
    super(scope, id);
    new Dashboard(this, 'Dashboard', {
      dashboardName: deploymentName(kalcifer.stage),
      defaultInterval: Duration.hours(12),
      widgets: [
        [
          new AlarmStatusWidget({
            title: 'Alarms',
            alarms: [...kalcifer.alarms.all.values()],
            width: 24,
            height: 4,
          }),
        ],
        [...incoming(kalcifer)],
        [...running(kalcifer)],
        [...outgoing(kalcifer)],
      ],
    });
  }
}

function incoming({ stage, events, entries, api }: Kalcifer): readonly IWidget[] {
  return [
    graph('Events', [
      engineMetric(stage, 'eventsReceived'),
      engineMetric(stage, 'eventsRouted'),
      engineMetric(stage, 'messagesRefused'),
    ]),
    graph('Waiting in queues', [
      events.queue.metricApproximateNumberOfMessagesVisible({ ...max, label: 'events' }),
      entries.queue.metricApproximateNumberOfMessagesVisible({ ...max, label: 'entries' }),
    ]),
    graph('API', [
      api.restApi.metricCount({ period }),
      api.restApi.metricClientError({ period }),
      api.restApi.metricServerError({ period }),
    ]),
  ];
}

function running({ stage, nodes }: Kalcifer): readonly IWidget[] {
  return [
    graph('Executions started, by journey and version', [
      machineSearch(stage, 'ExecutionsStarted'),
    ]),
    graph('Nodes', [
      engineMetric(stage, 'nodesRun'),
      engineMetric(stage, 'nodesRetried'),
      engineMetric(stage, 'nodesFailed'),
    ]),
    graph(
      'Duration of nodes, 99 of 100',
      nodeFunctions.map((name) =>
        nodes.functions[name].metricDuration({ period, statistic: 'p99', label: name }),
      ),
    ),
  ];
}

function outgoing({ stage, history, table }: Kalcifer): readonly IWidget[] {
  return [
    graph('Stuck, throttled, made up for', [
      engineMetric(stage, 'stuckInstances', Stats.MAXIMUM),
      engineMetric(stage, 'executionsThrottled'),
      engineMetric(stage, 'executionsLost'),
      engineMetric(stage, 'promisesKept'),
      engineMetric(stage, 'unexpectedErrors'),
    ]),
    graph('Table', [
      table.metricConsumedReadCapacityUnits({ period }),
      table.metricConsumedWriteCapacityUnits({ period }),
    ]),
    ...(history === undefined
      ? []
      : [
          graph('History on its way', [
            history.work.queue.metricApproximateNumberOfMessagesVisible(max),
            history.forward.metric('IteratorAge', max),
          ]),
        ]),
  ];
}

/** Finds versions by the words in the names of their machines, so that it needs no change when they come and go. */
function machineSearch(stage: string, metricName: string): IMetric {
  const words = deploymentName(stage).replaceAll('-', ' ');
  const search = `{AWS/States,StateMachineArn} MetricName="${metricName}" ${words}`;
  return new MathExpression({ expression: `SEARCH('${search}', 'Sum', 300)`, label: '', period });
}

function graph(title: string, left: IMetric[]): IWidget {
  return new GraphWidget({ title, left, width: 8, height: 6 });
}
