import { describe, expect, it } from 'vitest';
import type { BatchOutcome, Testkit } from '../../../lib/testkit/testkit-interface.ts';
import { twoEntriesJourney, waitJourney } from '../../support/graphs.ts';
import { openKit } from '../../support/kit.ts';

const tenant = 'T1';
const journey = 'J';

async function opened(): Promise<Testkit> {
  const kit = await openKit();
  await kit.publish({ tenant, journey, graph: twoEntriesJourney() });
  return kit;
}

const codes = (outcomes: readonly BatchOutcome[]): string[] =>
  outcomes.map((outcome) => ('refused' in outcome ? outcome.refused.code : 'enrolled'));

describe('a batch enrolment', () => {
  it('answers each item in order, and lets one customer in once', async () => {
    const kit = await opened();
    await kit.enroll({ tenant, journey, customer: 'c2' });
    const outcomes = await kit.enrollBatch({
      tenant,
      journey,
      items: [
        { customer: 'c1', entry: 'in_b', context: { coupon: 'x' } },
        { customer: 'c2' },
        { customer: 'c1' },
        { customer: 'c3', entry: 'nowhere' },
        { customer: 'c4' },
      ],
    });
    expect(codes(outcomes)).toEqual([
      'enrolled',
      'instance.already_in_journey',
      'instance.already_in_journey',
      'journey.entry_unknown',
      'enrolled',
    ]);
    await kit.settle();
    const [first] = outcomes;
    const instance = first !== undefined && 'instance' in first ? first.instance : '';
    expect((await kit.steps(instance)).map(({ node }) => node)).toEqual([
      'in_b',
      'tag_b',
      'wait_1',
    ]);
    expect(await kit.instances({ tenant })).toHaveLength(3);
  });

  it('sent again does nothing again, also after the instances have ended', async () => {
    const kit = await opened();
    const items = Array.from({ length: 60 }, (_, n) => ({ customer: `c${n}`, id: `import-${n}` }));
    const first = await kit.enrollBatch({ tenant, journey, items });
    expect(await kit.enrollBatch({ tenant, journey, items })).toEqual(first);
    await kit.advance('1d');
    expect(await kit.enrollBatch({ tenant, journey, items })).toEqual(first);
    expect(await kit.instances({ tenant })).toHaveLength(60);
    expect(codes(await kit.enrollBatch({ tenant, journey, items: [{ customer: 'c0' }] }))).toEqual([
      'enrolled',
    ]);
  });

  it('sent twice at the same time creates each instance once, and both hear of it', async () => {
    const kit = await opened();
    const items = Array.from({ length: 10 }, (_, n) => ({ customer: `c${n}`, id: `i${n}` }));
    const [one, other] = await Promise.all([
      kit.enrollBatch({ tenant, journey, items }),
      kit.enrollBatch({ tenant, journey, items }),
    ]);
    expect(one).toEqual(other);
    expect(codes(one)).toEqual(Array.from({ length: 10 }, () => 'enrolled'));
    expect(await kit.instances({ tenant })).toHaveLength(10);
  });

  it.each(['instance.enrol:before', 'instance.enrol:after', 'execution.start:before'])(
    'that died half-way (%s) is finished by sending it again',
    async (point) => {
      const kit = await opened();
      const items = Array.from({ length: 8 }, (_, n) => ({ customer: `c${n}`, id: `i${n}` }));
      kit.killAt(point, 4);
      await expect(kit.enrollBatch({ tenant, journey, items })).rejects.toMatchObject({
        code: 'testkit.killed',
      });
      await kit.restart();
      const outcomes = await kit.enrollBatch({ tenant, journey, items });
      expect(codes(outcomes)).toEqual(Array.from({ length: 8 }, () => 'enrolled'));
      await kit.advance('2d');
      const ids = await kit.instances({ tenant });
      expect(ids.toSorted()).toEqual(
        outcomes.map((outcome) => ('instance' in outcome ? outcome.instance : '')).toSorted(),
      );
      for (const id of ids) expect((await kit.instance(id)).status).toBe('completed');
    },
  );

  it('remembers its items for its own journey only', async () => {
    const kit = await opened();
    await kit.publish({ tenant, journey: 'K', graph: waitJourney() });
    const items = [{ customer: 'c1', id: 'i1' }];
    const inJ = await kit.enrollBatch({ tenant, journey, items });
    const inK = await kit.enrollBatch({ tenant, journey: 'K', items });
    expect(codes(inK)).toEqual(['enrolled']);
    expect(inK).not.toEqual(inJ);
  });

  it('with anything malformed is refused as a whole, with every problem', async () => {
    const kit = await opened();
    const items = [
      { customer: 'c1', id: 'same' },
      { customer: ' ', id: 'same' },
      { customer: null, context: [] },
      { customer: 'c4', entry: 7, id: '' },
    ] as never;
    await expect(kit.enrollBatch({ tenant, journey, items })).rejects.toMatchObject({
      code: 'input.invalid',
      problems: [
        { path: 'items[1].customer', message: 'items[1].customer is blank' },
        { path: 'items[1].id', message: 'items[1].id is the id of items[0] already' },
        { path: 'items[2].customer', message: 'items[2].customer is missing' },
        { path: 'items[2].context', message: 'items[2].context must be an object' },
        { path: 'items[3].entry', message: 'items[3].entry must be a text' },
        { path: 'items[3].id', message: 'items[3].id is blank' },
      ],
    });
    expect(await kit.instances({ tenant })).toEqual([]);
  });

  it.each([0, 501])('of %i items is refused', async (length) => {
    const kit = await opened();
    const items = Array.from({ length }, (_, n) => ({ customer: `c${n}` }));
    await expect(kit.enrollBatch({ tenant, journey, items })).rejects.toMatchObject({
      code: 'input.invalid',
      problems: [{ path: 'items', message: `items must be 1 to 500, not ${length}` }],
    });
    expect(await kit.instances({ tenant })).toEqual([]);
  });

  it('for a journey that is not there is refused as a whole', async () => {
    const kit = await opened();
    await expect(
      kit.enrollBatch({ tenant, journey: 'nowhere', items: [{ customer: 'c1' }] }),
    ).rejects.toMatchObject({ code: 'journey.unknown' });
  });
});
