/**
 * What a deployment counts in CloudWatch. The functions count by these names, alarms and the dashboard read them. Every metric
 * is there twice: for the whole deployment (`service`), which alarms watch, and by `tenant` and `journey` as far as they are known.
 */

export const metricNamespace = 'Kalcifer';

/** Value of the dimension `service`, and of the field by which log lines of a deployment are found. */
export function serviceName(stage: string): string {
  return `kalcifer-${stage}`;
}

export const metric = {
  /** Runs of nodes that came to an end or were parked. */
  nodesRun: 'NodesRun',
  /** Nodes that failed their instance. */
  nodesFailed: 'NodesFailed',
  /** Runs of nodes that Step Functions was told to repeat. */
  nodesRetried: 'NodesRetried',
  eventsReceived: 'EventsReceived',
  /** Waits that events ended, and instances that they took out. */
  eventsRouted: 'EventsRouted',
  /** Messages that are not what their queue is for: they end in its dead-letter queue. */
  messagesRefused: 'MessagesRefused',
  executionsStarted: 'ExecutionsStarted',
  /** Starts that went back to the queue. */
  executionsThrottled: 'ExecutionsThrottled',
  /** Executions that ended while their customer was still on the way. */
  executionsLost: 'ExecutionsLost',
  /** Instances that have been owed something for too long, at this moment. */
  stuckInstances: 'StuckInstances',
  /** What the sweeper made up for. */
  promisesKept: 'PromisesKept',
  /** Rows of history that were put into the queue. */
  historyForwarded: 'HistoryForwarded',
  /** Rows of history that are in ClickHouse; some more than once. */
  historyRecorded: 'HistoryRecorded',
  /** Rows and messages that can never be recorded: they went to the dead letters. */
  historyRefused: 'HistoryRefused',
  /** Messages that went back to the queue, because ClickHouse did not take their rows. */
  historyDelayed: 'HistoryDelayed',
  /** Errors that nobody thought of. */
  unexpectedErrors: 'UnexpectedErrors',
} as const;

export type MetricName = (typeof metric)[keyof typeof metric];
