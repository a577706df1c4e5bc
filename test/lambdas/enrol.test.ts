import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startExecutions } from '../../lambdas/enrol/handler.ts';
import type { Json } from '../../lib/json.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import type { StartRequest } from '../../lib/ports/executions.ts';
import { call, watchLog } from '../support/lambda.ts';
import { mutated } from '../support/mutated-json.ts';
import { countScenario } from '../support/scenario-count.ts';

const start: StartRequest = {
  machine: { tenant: 'T1', journey: 'J', version: 2 },
  name: 'abc-1',
  input: { schema: 2, tenant: 'T1', journey: 'J', instance: 'abc', epoch: 1, at: 'in' },
};

const message = (name: string): Json =>
  ({ schema: 1, start: { ...start, name } }) as unknown as Json;

function batch(...bodies: readonly Json[]): object {
  return {
    Records: bodies.map((body, at) => ({ messageId: `m${at}`, body: JSON.stringify(body) })),
  };
}

/** Step Functions, which answers by the name of the execution. */
function starter(answers: Readonly<Record<string, 'started' | 'exists' | Error>>): {
  readonly handler: ReturnType<typeof startExecutions>;
  readonly asked: StartRequest[];
} {
  const asked: StartRequest[] = [];
  const handler = startExecutions(() => ({
    start: (request) => {
      asked.push(request);
      const answer = answers[request.name] ?? 'started';
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  }));
  return { handler, asked };
}

describe('enrol', () => {
  it('starts what the queue holds, as it was asked for', async () => {
    const log = watchLog();
    const { handler, asked } = starter({ again: 'exists' });
    expect(await call(handler, batch(message('abc-1'), message('again')))).toEqual({
      answer: { batchItemFailures: [] },
    });
    expect(asked).toEqual([start, { ...start, name: 'again' }]);
    expect(log.counts()).toEqual([{ tenant: 'T1', journey: 'J', ExecutionsStarted: 1 }]);
  });

  it('puts back what Step Functions does not take now, and nothing else', async () => {
    const log = watchLog();
    const { handler } = starter({
      busy: new KalciferError('executions.unavailable', 'StartExecution throttles.'),
      gone: new KalciferError('journey.version_unknown', 'There is no version 2.'),
    });
    expect(await call(handler, batch(message('a'), message('busy'), message('gone')))).toEqual({
      answer: { batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }] },
    });
    expect(log.counts()).toContainEqual({ tenant: 'T1', journey: 'J', ExecutionsThrottled: 1 });
    expect(log.lines().map(({ code }) => code)).toEqual([
      'executions.unavailable',
      'journey.version_unknown',
    ]);
  });

  it('answers any batch of anything, or refuses it by name', async () => {
    const log = watchLog();
    const { handler, asked } = starter({});
    const anyBatch = fc.oneof(
      fc.jsonValue({ stringUnit: 'binary' }),
      mutated(batch(message('abc-1')) as Json),
      mutated(message('abc-1')).map((body) => batch(body)),
    );
    await fc.assert(
      fc.asyncProperty(anyBatch, async (event) => {
        await call(handler, event);
        countScenario('any JSON gives an answer or one of our codes', { name: 'enrol', event });
      }),
      { numRuns: 300 },
    );
    expect(log.text()).not.toContain('Kalcifer.Unexpected');
    expect(asked.every(({ name }) => /^[\w-]{1,80}$/.test(name))).toBe(true);
    expect(asked.length).toBeGreaterThan(10);
  });
});
