import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reconcileEnded } from '../../lambdas/reconcile/handler.ts';
import { enrol } from '../../lib/engine/enrolment/enrol.ts';
import { readInstance } from '../../lib/engine/instances/read-instance.ts';
import { publish } from '../../lib/engine/journeys/publish.ts';
import type { EngineContext } from '../../lib/engine/engine-context.ts';
import type { Json, JsonObject } from '../../lib/json.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { engineApart, type EngineApart } from '../support/engine-apart.ts';
import { waitJourney } from '../support/graphs.ts';
import { call, watchLog } from '../support/lambda.ts';
import { mutated } from '../support/mutated-json.ts';
import { countScenario } from '../support/scenario-count.ts';

const tenant = 'T1';

async function waiting(): Promise<{ readonly engine: EngineApart; readonly input: JsonObject }> {
  const engine = engineApart();
  await publish(engine.ctx, { tenant, journey: 'J', graph: waitJourney() });
  const { instance } = await enrol(engine.ctx, { tenant, journey: 'J', customer: 'c1' });
  await engine.advance(1_000);
  const input = { schema: 2, tenant, journey: 'J', instance, epoch: 1, at: 'in' };
  return { engine, input };
}

/** As EventBridge puts it into the queue. */
function ended(input: unknown, status = 'ABORTED'): Json {
  return {
    version: '0',
    id: '315c1398-40ff-a850-213b-158f73e60175',
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: '123456789012',
    detail: { status, name: 'x-1', input: JSON.stringify(input), output: null },
  };
}

function batch(...bodies: readonly Json[]): object {
  return {
    Records: bodies.map((body, at) => ({ messageId: `m${at}`, body: JSON.stringify(body) })),
  };
}

const epochOf = async (ctx: EngineContext, { instance }: JsonObject): Promise<number> =>
  (await readInstance(ctx, { tenant, instance: instance as string })).epoch;

it('takes up a customer whose execution ended, once, and counts that', async () => {
  const log = watchLog();
  const { engine, input } = await waiting();
  const handler = reconcileEnded(() => engine.ctx);
  const nothingFailed = { answer: { batchItemFailures: [] } };
  expect(await call(handler, batch(ended(input), ended(input, 'FAILED')))).toEqual(nothingFailed);
  expect(await call(handler, batch(ended(input, 'TIMED_OUT')))).toEqual(nothingFailed);
  expect(await epochOf(engine.ctx, input)).toBe(2);
  expect(log.counts()).toEqual([{ tenant, journey: 'J', ExecutionsLost: 1 }]);
});

it('understands what executions of machines of schema 1 were started with', async () => {
  const log = watchLog();
  const { engine, input } = await waiting();
  const { journey: _journey, ...older } = input;
  await call(
    reconcileEnded(() => engine.ctx),
    batch(ended({ ...older, schema: 1 })),
  );
  expect(await epochOf(engine.ctx, input)).toBe(2);
  expect(log.counts()).toEqual([{ tenant, ExecutionsLost: 1 }]);
});

it('passes over executions that somebody started by hand with something else', async () => {
  const log = watchLog();
  const { engine, input } = await waiting();
  const others = [ended({}), ended('hello'), ended({ ...input, epoch: 'one' })];
  const noInput = { ...(ended({}) as JsonObject), detail: { status: 'ABORTED', input: null } };
  const notJson = { ...(ended({}) as JsonObject), detail: { status: 'ABORTED', input: '{' } };
  expect(
    await call(
      reconcileEnded(() => engine.ctx),
      batch(...others, noInput, notJson),
    ),
  ).toEqual({ answer: { batchItemFailures: [] } });
  expect(await epochOf(engine.ctx, input)).toBe(1);
  expect(log.lines()).toEqual([]);
});

it('gives back what it cannot do now, and nothing else', async () => {
  const log = watchLog();
  const { engine, input } = await waiting();
  const start = (): Promise<never> =>
    Promise.reject(new KalciferError('executions.unavailable', 'The queue is away.'));
  const ctx = { ...engine.ctx, executions: { ...engine.ctx.executions, start } };
  const handler = reconcileEnded(() => ctx);
  expect(await call(handler, batch(ended({}), ended(input)))).toEqual({
    answer: { batchItemFailures: [{ itemIdentifier: 'm1' }] },
  });
  expect(log.lines().map(({ code }) => code)).toEqual(['executions.unavailable']);
});

it('answers any batch of anything, or refuses it by name', async () => {
  const log = watchLog();
  const { engine, input } = await waiting();
  const handler = reconcileEnded(() => engine.ctx);
  const anyBatch = fc.oneof(
    fc.jsonValue({ stringUnit: 'binary' }),
    mutated(batch(ended(input)) as Json),
    mutated(ended(input)).map((body) => batch(body)),
    mutated(input).map((own) => batch(ended(own))),
  );
  await fc.assert(
    fc.asyncProperty(anyBatch, async (event) => {
      await call(handler, event);
      countScenario('any JSON gives an answer or one of our codes', { name: 'reconcile', event });
    }),
    { numRuns: 300 },
  );
  expect(log.text()).not.toContain('Kalcifer.Unexpected');
});
