/** Counts, in CloudWatch's embedded metric format: a line of the log, no call. */
import { Metrics } from '@aws-lambda-powertools/metrics';
import { metricNamespace, type MetricName } from '../../lib/metric.ts';
import { service, type Subject } from './logger.ts';

const metrics = new Metrics({ namespace: metricNamespace, serviceName: service });

/** `count({ NodesRun: 1 }, { tenant, journey })` */
export function count(
  numbers: Partial<Readonly<Record<MetricName, number>>>,
  { tenant, journey }: Pick<Subject, 'tenant' | 'journey'> = {},
): void {
  // One set of dimensions for the whole deployment, which alarms watch, and one for whoever it is about.
  metrics.addDimensions({});
  if (tenant !== undefined) {
    metrics.addDimensions({
      tenant: dimension(tenant),
      ...(journey === undefined ? {} : { journey: dimension(journey) }),
    });
  }
  for (const [name, number] of Object.entries(numbers)) metrics.addMetric(name, 'Count', number);
  metrics.publishStoredMetrics();
}

/** CloudWatch takes printable ASCII without a colon at the beginning; what has anything else is counted without dimensions. */
function dimension(id: string): string {
  return id.toWellFormed().replace(/^:|[^ -~]/gu, encodeURIComponent);
}
