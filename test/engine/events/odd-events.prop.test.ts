import fc from 'fast-check';
import { expect, it } from 'vitest';
import { enrol } from '../../../lib/engine/enrolment/enrol.ts';
import { receiveEvent } from '../../../lib/engine/events/receive-event.ts';
import { readInstance } from '../../../lib/engine/instances/read-instance.ts';
import { isKalciferError } from '../../../lib/kalcifer-error.ts';
import { apiHarness } from '../../support/api-harness.ts';
import { drawGraph } from '../../support/graphs.ts';
import { countScenario } from '../../support/scenario-count.ts';

const refusals = [
  'input.invalid',
  'journey.unknown',
  'journey.entry_unknown',
  'instance.already_in_journey',
];

function field<Value>(valid: fc.Arbitrary<Value>): fc.Arbitrary<unknown> {
  const odd = fc.oneof(
    fc.constantFrom('', ' ', '#'.repeat(128), 'é'.repeat(300), 'a\u0000b', '\ud800', '%23', null),
    fc.jsonValue({ stringUnit: 'binary' }),
    fc.integer({ min: 15, max: 3_000 }).map((depth) => {
      let data: unknown = 1;
      for (let level = 0; level < depth; level++) data = { a: data };
      return data;
    }),
  );
  return fc.oneof({ weight: 3, arbitrary: valid }, odd);
}

const text = fc.oneof(fc.constantFrom('T1', 'J', 'c1', 'in', 'go'), fc.string({ maxLength: 12 }));
const data = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue(), { maxKeys: 3 });

const event = fc.record(
  {
    tenant: field(text),
    customer: field(text),
    type: field(fc.constant('go')),
    id: field(text),
    data: field(data),
  },
  { requiredKeys: [] },
);

const enrolment = fc.record(
  {
    tenant: field(fc.constant('T1')),
    journey: field(fc.constant('J')),
    customer: field(text),
    entry: field(fc.constant('in')),
    context: field(data),
  },
  { requiredKeys: [] },
);

it('for any JSON, an event or an enrolment is taken, or refused by a code', async () => {
  const h = await apiHarness();
  const nodes = {
    in: ['event_entry', { event_type: 'go' }],
    w: ['wait', { duration: '1d' }],
    out: ['exit'],
  } as const;
  await h.call('POST', '/v1/journeys/J/publish', {
    graph: drawGraph(nodes, ['in -> w', 'w -> out']),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        event.map((request) => ({ verb: 'receive' as const, request })),
        enrolment.map((request) => ({ verb: 'enrol' as const, request })),
      ),
      async ({ verb, request }) => {
        try {
          if (verb === 'receive') {
            const { enrolled } = await receiveEvent(h.ctx, request as never);
            for (const instance of enrolled) {
              await readInstance(h.ctx, { tenant: request.tenant as string, instance });
            }
          } else await enrol(h.ctx, request as never);
        } catch (error) {
          if (!isKalciferError(error) || !refusals.includes(error.code)) throw error;
        }
        countScenario('any JSON is an event or refused', JSON.stringify(request).slice(0, 2_000));
      },
    ),
    { numRuns: 500 },
  );
  await h.settle();
  expect(h.reported).toEqual([]);
});
