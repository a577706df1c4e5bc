/** A metric that our functions count, over all tenants and journeys of a stage. */
import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { metric, metricNamespace, serviceName } from '../metric.ts';

export function engineMetric(
  stage: string,
  name: keyof typeof metric,
  statistic: string = Stats.SUM,
): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName: metric[name],
    dimensionsMap: { service: serviceName(stage) },
    statistic,
    period: Duration.minutes(5),
  });
}
