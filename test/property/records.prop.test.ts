import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryTable } from '../../lib/adapters/local/memory-table.ts';
import { instanceItem, instanceOf, type Instance } from '../../lib/engine/records/instance.ts';
import { profileItem, profileOf, type Profile } from '../../lib/engine/records/profile.ts';
import { stepItem, stepOf, type Step } from '../../lib/engine/records/step.ts';
import type { JsonObject } from '../../lib/json.ts';
import { instanceStatuses } from '../../lib/journey/lifecycle.ts';
import type { Item } from '../../lib/ports/table.ts';
import { countScenario } from '../support/scenario-count.ts';

/** Ids as people choose them: with separators, escapes, blanks and other alphabets in them. */
const id = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
  fc.constantFrom('#', '%', '%23', 'a#b', 'ünï cödé', '日本', '😀', "o'neil", 'a b'),
);
const instant = fc.integer({ min: 0, max: 4_102_444_800_000 });
const jsonObject = fc
  .dictionary(fc.string({ minLength: 1, maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), {
    maxKeys: 4,
  })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

const optional = <Value>(name: string, value: fc.Arbitrary<Value>): fc.Arbitrary<object> =>
  fc
    .option(value, { nil: undefined })
    .map((chosen) => (chosen === undefined ? {} : { [name]: chosen }));

const wait = fc
  .tuple(
    fc.record({ deadline: instant, since: instant }),
    optional('eventType', id),
    optional('task', id),
    optional('filter', fc.constant({ field: 'plan', op: 'eq', value: 'pro' })),
    optional('held', fc.record({ id, type: id, data: jsonObject })),
  )
  .map((parts) => Object.assign({}, ...parts) as object);

const token = fc
  .tuple(fc.record({ node: id }), optional('wait', wait))
  .map((parts) => Object.assign({}, ...parts) as object);

const answer = fc
  .tuple(
    fc.record({ node: id, task: id }),
    optional('branch', id),
    optional('gate', fc.constant(true)),
  )
  .map((parts) => Object.assign({}, ...parts) as object);

const pause = fc
  .tuple(
    fc.record({
      from: fc.constantFrom('running', 'waiting'),
      gates: fc.array(fc.record({ node: id, task: id }), { maxLength: 2 }),
    }),
    optional(
      'ending',
      fc
        .tuple(
          fc.record({ status: fc.constantFrom('completed', 'failed') }),
          optional('reason', id),
        )
        .map((parts) => Object.assign({}, ...parts) as object),
    ),
  )
  .map((parts) => Object.assign({}, ...parts) as object);

const exitWatch = fc.record({
  eventTypes: fc.uniqueArray(id, { maxLength: 3 }),
  profile: fc.boolean(),
});

const intervention = fc.record({
  kind: fc.constantFrom('paused', 'resumed', 'exited'),
  at: instant,
  note: fc.string(),
});

const instance = fc
  .tuple(
    fc.record({
      tenant: id,
      id: fc.stringMatching(/^[A-Za-z0-9]{20}$/),
      journey: id,
      version: fc.integer({ min: 1, max: 999 }),
      customer: id,
      entry: id,
      status: fc.constantFrom(...instanceStatuses),
      epoch: fc.integer({ min: 1, max: 50 }),
      revision: fc.integer({ min: 1, max: 10_000 }),
      tokens: fc.array(token, { maxLength: 3 }),
      answers: fc.array(answer, { maxLength: 2 }),
      consumed: fc.array(id, { maxLength: 3 }),
      enteredAt: instant,
    }),
    optional('event', fc.record({ id, type: id, data: jsonObject })),
    optional('context', jsonObject),
    optional('previous', id),
    optional('completedAt', instant),
    optional('exitReason', id),
    optional('pause', pause),
    optional('exitWatch', exitWatch),
    optional('takenUp', fc.integer({ min: 1, max: 10 })),
    optional('interventions', fc.array(intervention, { minLength: 1, maxLength: 3 })),
  )
  .map((parts) => Object.assign({}, ...parts) as Instance);

const step = fc
  .tuple(
    fc.record({
      tenant: id,
      instance: fc.stringMatching(/^[A-Za-z0-9]{20}$/),
      node: id,
      version: fc.integer({ min: 1, max: 999 }),
      status: fc.constantFrom('waiting', 'sending', 'retrying', 'completed', 'failed', 'cancelled'),
      startedAt: instant,
    }),
    optional('branch', id),
    optional('result', jsonObject),
    optional('notes', fc.array(fc.string(), { minLength: 1, maxLength: 2 })),
    optional('endedAt', instant),
    optional('conversion', fc.record({ name: id, value: fc.integer() })),
    optional(
      'send',
      fc.record({ channel: id, status: fc.constantFrom('sending', 'sent'), attempt: fc.nat(9) }),
    ),
  )
  .map((parts) => Object.assign({}, ...parts) as Step);

const profile = fc
  .tuple(
    fc.record({
      properties: jsonObject,
      preferences: jsonObject,
      tags: fc.uniqueArray(id, { maxLength: 3 }),
      revision: fc.integer({ min: 1, max: 999 }),
    }),
    optional('email', id),
    optional('name', fc.string()),
  )
  .map((parts) => Object.assign({}, ...parts) as Profile);

/** Through the table, and through JSON as a row on a wire would be. */
async function stored(item: Item): Promise<Item> {
  const table = createMemoryTable();
  await table.write({ name: 'test.store', writes: [{ put: item }] });
  const read = await table.get({ pk: item.pk, sk: item.sk });
  return JSON.parse(JSON.stringify(read)) as Item;
}

describe('records in the table', () => {
  it('for every instance: what is stored is what is read back', async () => {
    await fc.assert(
      fc.asyncProperty(instance, async (record) => {
        countScenario('6 instance round trip', record);
        expect(instanceOf(await stored(instanceItem(record)))).toEqual(record);
      }),
    );
  });

  it('for every step: what is stored is what is read back', async () => {
    await fc.assert(
      fc.asyncProperty(step, async (record) => {
        countScenario('6 step round trip', record);
        expect(stepOf(await stored(stepItem(record)))).toEqual(record);
      }),
    );
  });

  it('for every profile: what is stored is what is read back', async () => {
    await fc.assert(
      fc.asyncProperty(profile, async (record) => {
        countScenario('6 profile round trip', record);
        expect(profileOf(await stored(profileItem('t', 'c', record)))).toEqual(record);
      }),
    );
  });
});
