import { describe, expect, it } from 'vitest';
import { count } from '../../lambdas/_shared/metrics.ts';
import { watchLog } from '../support/lambda.ts';

describe('counts', () => {
  it('stand for the deployment, and for whom they are about as far as that is known', () => {
    const log = watchLog();
    count({ NodesRun: 1 });
    count({ NodesRun: 1 }, { tenant: 'T1' });
    count({ NodesRun: 1 }, { tenant: 'T1', journey: 'J' });
    expect(log.metrics().map(({ Dimensions }) => Dimensions)).toEqual([
      [['service']],
      [['service'], ['service', 'tenant']],
      [['service'], ['service', 'tenant', 'journey']],
    ]);
  });

  it('write ids in the characters that CloudWatch takes', () => {
    const log = watchLog();
    count({ NodesRun: 1 }, { tenant: 'a/b c@d', journey: 'wëlcome 🙂' });
    count({ NodesRun: 1 }, { tenant: ':T1', journey: 'a\u0007\ud800:b' });
    expect(log.counts()).toEqual([
      { tenant: 'a/b c@d', journey: 'w%C3%ABlcome %F0%9F%99%82', NodesRun: 1 },
      { tenant: '%3AT1', journey: 'a%07%EF%BF%BD:b', NodesRun: 1 },
    ]);
  });
});
