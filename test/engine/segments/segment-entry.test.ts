import { describe, expect, it } from 'vitest';
import type { Testkit } from '../../../lib/testkit/testkit.ts';
import { drawGraph, type DrawnJson } from '../../support/graphs.ts';
import { exit, openKit } from '../../support/kit.ts';

const tenant = 'T1';

/** Lets customers of segment `vip` in, and keeps them for a day. */
function vipJourney(config: Record<string, unknown> = {}): DrawnJson {
  return drawGraph(
    {
      in: ['segment_entry', { segment_id: 'vip', ...config }],
      stay: ['wait', { duration: '1d' }],
      out: exit,
    },
    ['in -> stay', 'stay -> out'],
  );
}

const isVip = { field: 'customer.properties.spent', op: 'gte', value: 100 };

async function kitWithVips(config: Record<string, unknown> = {}): Promise<Testkit> {
  const kit = await openKit();
  await kit.segment({ tenant, id: 'vip', rule: isVip });
  await kit.publish({ tenant, journey: 'J', graph: vipJourney(config) });
  return kit;
}

async function spend(kit: Testkit, id: string, spent: number): Promise<void> {
  await kit.customer({ tenant, id, properties: { spent } });
}

/** Customers in the order in which they were let in. */
async function letIn(kit: Testkit, journey = 'J'): Promise<string[]> {
  const ids = await kit.instances({ tenant, journey });
  return Promise.all(ids.map(async (id) => (await kit.instance(id)).customer));
}

describe('an entry by segment, without a schedule', () => {
  it('lets a customer in who comes into the segment by a change of the profile', async () => {
    const kit = await kitWithVips();
    await spend(kit, 'c1', 99);
    expect(await letIn(kit)).toEqual([]);
    await spend(kit, 'c1', 100);
    const [instance = ''] = await kit.instances({ tenant, journey: 'J' });
    await kit.settle();
    expect(await kit.instance(instance)).toMatchObject({ status: 'waiting', positions: ['stay'] });
    expect((await kit.steps(instance)).map(({ node, type }) => [node, type])).toEqual([
      ['in', 'segment_entry'],
      ['stay', 'wait'],
    ]);
  });

  it('lets a customer in who is in the segment from the first', async () => {
    const kit = await kitWithVips();
    await spend(kit, 'c1', 500);
    expect(await letIn(kit)).toEqual(['c1']);
  });

  it('lets nobody in for staying in the segment, whatever else changes', async () => {
    const kit = await kitWithVips();
    await spend(kit, 'c1', 100);
    await kit.advance('2d');
    await spend(kit, 'c1', 200);
    await kit.customer({ tenant, id: 'c1', name: 'Ada' });
    expect(await letIn(kit)).toEqual(['c1']);
  });

  it('lets a customer in again who has left the segment and comes back', async () => {
    const kit = await kitWithVips();
    await spend(kit, 'c1', 100);
    await kit.advance('2d');
    await spend(kit, 'c1', 0);
    await spend(kit, 'c1', 100);
    expect(await letIn(kit)).toEqual(['c1', 'c1']);
  });

  it('passes over a customer who is in the journey already', async () => {
    const kit = await kitWithVips();
    await spend(kit, 'c1', 100);
    await spend(kit, 'c1', 0);
    await spend(kit, 'c1', 100);
    expect(await letIn(kit)).toEqual(['c1']);
  });

  it('lets nobody in who was in the segment when the journey was published', async () => {
    const kit = await openKit();
    await kit.segment({ tenant, id: 'vip', rule: isVip });
    await spend(kit, 'c1', 100);
    await kit.publish({ tenant, journey: 'J', graph: vipJourney() });
    await spend(kit, 'c1', 200);
    await kit.advance('1d');
    expect(await letIn(kit)).toEqual([]);
    await spend(kit, 'c1', 0);
    await spend(kit, 'c1', 100);
    expect(await letIn(kit)).toEqual(['c1']);
  });

  it('lets a customer in whose profile a node of another journey changes', async () => {
    const kit = await kitWithVips();
    await kit.publish({
      tenant,
      journey: 'other',
      graph: drawGraph(
        {
          in: ['event_entry', { event_type: 'bought' }],
          write: ['update_profile', { fields: { 'properties.spent': '{{ event.total }}' } }],
          out: exit,
        },
        ['in -> write', 'write -> out'],
      ),
    });
    await kit.event({ tenant, customer: 'c1', type: 'bought', data: { total: 120 } });
    await kit.settle();
    expect(await letIn(kit)).toEqual(['c1']);
  });

  it('notices tags that nodes add and remove', async () => {
    const kit = await openKit();
    const rule = { field: 'customer.tags', op: 'contains', value: 'vip' };
    await kit.segment({ tenant, id: 'vip', rule });
    await kit.publish({ tenant, journey: 'J', graph: vipJourney() });
    const tagging = (type: string): DrawnJson =>
      drawGraph(
        { in: ['event_entry', { event_type: type }], tag: [type, { tag: 'vip' }], out: exit },
        ['in -> tag', 'tag -> out'],
      );
    for (const type of ['add_tag', 'remove_tag']) {
      await kit.publish({ tenant, journey: type, graph: tagging(type) });
    }
    for (const type of ['add_tag', 'add_tag', 'remove_tag', 'add_tag']) {
      await kit.event({ tenant, customer: 'c1', type });
      await kit.advance('2d');
    }
    expect(await letIn(kit)).toEqual(['c1', 'c1']);
  });

  it('looks only at customers of its own tenant', async () => {
    const kit = await kitWithVips();
    await kit.segment({ tenant: 'T2', id: 'vip', rule: isVip });
    await kit.customer({ tenant: 'T2', id: 'c1', properties: { spent: 100 } });
    expect(await letIn(kit)).toEqual([]);
    expect(await kit.instances({ tenant: 'T2' })).toEqual([]);
  });

  it('lets a customer into every journey that waits for the segment', async () => {
    const kit = await kitWithVips();
    await kit.publish({ tenant, journey: 'K', graph: vipJourney() });
    await spend(kit, 'c1', 100);
    expect([await letIn(kit, 'J'), await letIn(kit, 'K')]).toEqual([['c1'], ['c1']]);
  });

  it('lets nobody in any more when a new version of the journey has another entry', async () => {
    const kit = await kitWithVips();
    const graph = drawGraph({ in: ['event_entry', { event_type: 'go' }], out: exit }, [
      'in -> out',
    ]);
    await kit.publish({ tenant, journey: 'J', graph });
    await spend(kit, 'c1', 100);
    expect(await letIn(kit)).toEqual([]);
  });

  it('goes by the rule as it was saved last, and notices a wider one when the profile next changes', async () => {
    const kit = await kitWithVips();
    await spend(kit, 'c1', 60);
    await kit.segment({ tenant, id: 'vip', rule: { ...isVip, value: 50 } });
    await spend(kit, 'c2', 55);
    expect(await letIn(kit)).toEqual(['c2']);
    await kit.advance('1s');
    await kit.customer({ tenant, id: 'c1', name: 'Ada' });
    expect(await letIn(kit)).toEqual(['c2', 'c1']);
  });

  it('lets a customer in once when changes come at the same time', async () => {
    const kit = await kitWithVips();
    await Promise.all([
      ...Array.from({ length: 20 }, (_, at) => spend(kit, 'c1', 100 + at)),
      kit.settle(),
    ]);
    await kit.settle();
    expect(await letIn(kit)).toEqual(['c1']);
  });
});

describe('an entry by segment, with a schedule', () => {
  const daily = { schedule: '0 9 * * *' };

  it('lets in at the scheduled time who has come into the segment since the last', async () => {
    const kit = await kitWithVips(daily);
    await spend(kit, 'c1', 100);
    await kit.advance('8h');
    expect(await letIn(kit)).toEqual([]);
    await kit.advance('1h');
    expect(await letIn(kit)).toEqual(['c1']);
    await spend(kit, 'c2', 100);
    await kit.advance('23h');
    expect(await letIn(kit)).toEqual(['c1']);
    await kit.advance('1h');
    expect(await letIn(kit)).toEqual(['c1', 'c2']);
    await kit.advance('30d');
    expect(await letIn(kit)).toEqual(['c1', 'c2']);
  });

  it('runs at each of its times while a month passes, and at those instants', async () => {
    const kit = await kitWithVips({ schedule: '30 6 * * MON' });
    await spend(kit, 'c1', 100);
    await kit.advance('31d');
    const [id = ''] = await kit.instances({ tenant, journey: 'J' });
    expect(await kit.instance(id)).toMatchObject({ enteredAt: '2026-01-05T06:30:00.000Z' });
  });

  it('lets nobody in who has left the segment again before the time', async () => {
    const kit = await kitWithVips(daily);
    await spend(kit, 'c1', 100);
    await spend(kit, 'c1', 0);
    await kit.advance('1d');
    expect(await letIn(kit)).toEqual([]);
  });

  it('lets nobody in who was in the segment when the journey was published', async () => {
    const kit = await openKit();
    await kit.segment({ tenant, id: 'vip', rule: isVip });
    await spend(kit, 'c1', 100);
    await spend(kit, 'c2', 100);
    await kit.publish({ tenant, journey: 'J', graph: vipJourney(daily) });
    await spend(kit, 'c2', 150);
    await kit.advance('3d');
    expect(await letIn(kit)).toEqual([]);
    await spend(kit, 'c1', 0);
    await kit.advance('1d');
    await spend(kit, 'c1', 100);
    await kit.advance('1d');
    expect(await letIn(kit)).toEqual(['c1']);
  });

  it('finds whom a wider rule has taken in', async () => {
    const kit = await kitWithVips(daily);
    await spend(kit, 'c1', 60);
    await kit.advance('1d');
    await kit.segment({ tenant, id: 'vip', rule: { ...isVip, value: 50 } });
    await kit.advance('1d');
    expect(await letIn(kit)).toEqual(['c1']);
    await kit.advance('5d');
    expect(await letIn(kit)).toEqual(['c1']);
  });

  it('finds everybody, however many pages of customers there are', async () => {
    const kit = await kitWithVips(daily);
    const ids = Array.from({ length: 250 }, (_, at) => `c${String(at).padStart(3, '0')}`);
    for (const id of ids) await spend(kit, id, 100);
    await kit.advance('1d');
    expect((await letIn(kit)).toSorted()).toEqual(ids);
  });

  it('keeps its own time beside another journey on the same segment', async () => {
    const kit = await kitWithVips(daily);
    await kit.publish({ tenant, journey: 'K', graph: vipJourney({ schedule: '0 18 * * *' }) });
    await kit.publish({ tenant, journey: 'L', graph: vipJourney() });
    await spend(kit, 'c1', 100);
    expect(await letIn(kit, 'L')).toEqual(['c1']);
    await kit.advance('10h');
    expect([await letIn(kit, 'J'), await letIn(kit, 'K')]).toEqual([['c1'], []]);
    await kit.advance('10h');
    expect([await letIn(kit, 'J'), await letIn(kit, 'K')]).toEqual([['c1'], ['c1']]);
  });

  it('makes up once for all the times that were missed while no process was there', async () => {
    const kit = await kitWithVips(daily);
    await spend(kit, 'c1', 100);
    await kit.kill();
    await kit.advance('4d');
    expect(await letIn(kit)).toEqual([]);
    await kit.restart();
    await kit.advance('1ms');
    expect(await letIn(kit)).toEqual(['c1']);
  });

  it('takes a new schedule of the same entry from then on', async () => {
    const kit = await kitWithVips(daily);
    await spend(kit, 'c1', 100);
    await kit.publish({ tenant, journey: 'J', graph: vipJourney({ schedule: '0 18 * * *' }) });
    await kit.advance('10h');
    expect(await letIn(kit)).toEqual([]);
    await kit.advance('10h');
    expect(await letIn(kit)).toEqual(['c1']);
  });
});

describe('publishing a journey with segments', () => {
  it('refuses one that does not exist, and says which was meant', async () => {
    const kit = await openKit();
    await kit.segment({ tenant, id: 'vip', rule: isVip });
    await kit.segment({ tenant: 'T2', id: 'foreign', rule: isVip });
    const graph = drawGraph(
      {
        in: ['segment_entry', { segment_id: 'vipp' }],
        ask: ['check_segment', { segment_id: 'foreign' }],
        out: exit,
      },
      ['in -> ask', 'ask -> out [true]', 'ask -> out [false]'],
    );
    await expect(kit.publish({ tenant, journey: 'J', graph })).rejects.toMatchObject({
      code: 'journey.invalid',
      problems: [
        {
          code: 'graph.segment_unknown',
          node: 'in',
          message: 'node "in" uses segment "vipp", which does not exist',
          hint: 'Did you mean "vip"?',
        },
        {
          code: 'graph.segment_unknown',
          node: 'ask',
          message: 'node "ask" uses segment "foreign", which does not exist',
          hint: 'Save the segment first.',
        },
      ],
    });
  });

  it('warns of two entries on one segment', async () => {
    const kit = await kitWithVips();
    const graph = drawGraph(
      {
        a: ['segment_entry', { segment_id: 'vip' }],
        b: ['segment_entry', { segment_id: 'vip' }],
        out: exit,
      },
      ['a -> out', 'b -> out'],
    );
    const { warnings } = await kit.publish({ tenant, journey: 'K', graph });
    expect(warnings.map(({ message }) => message)).toEqual([
      '"b" starts on the same segment as "a", which always comes first',
    ]);
  });
});

describe('a paused journey', () => {
  it.each([[{}], [{ schedule: '0 9 * * *' }]])(
    'lets nobody in who comes into the segment meanwhile, not even later (%o)',
    async (config) => {
      const kit = await kitWithVips(config);
      await kit.pauseJourney({ tenant, journey: 'J' });
      await spend(kit, 'c1', 100);
      await kit.advance('1d');
      await kit.resumeJourney({ tenant, journey: 'J' });
      await spend(kit, 'c1', 150);
      await kit.advance('1d');
      expect(await letIn(kit)).toEqual([]);
      await spend(kit, 'c1', 0);
      await spend(kit, 'c1', 100);
      await kit.advance('1d');
      expect(await letIn(kit)).toEqual(['c1']);
    },
  );

  it('lets in at the next time after it is resumed who came into the segment before it was paused', async () => {
    const kit = await kitWithVips({ schedule: '0 9 * * *' });
    await spend(kit, 'c1', 100);
    await kit.pauseJourney({ tenant, journey: 'J' });
    await kit.advance('2d');
    await kit.resumeJourney({ tenant, journey: 'J' });
    expect(await letIn(kit)).toEqual([]);
    await kit.advance('1d');
    expect(await letIn(kit)).toEqual(['c1']);
  });
});

describe('what the journey knows of an entry by segment', () => {
  it('is that it was no request: a cap at the door for requests does not turn the customer away', async () => {
    const kit = await openKit();
    await kit.segment({ tenant, id: 'vip', rule: isVip });
    const mail = drawGraph(
      {
        in: ['event_entry', { event_type: 'go' }],
        mail: ['send_email', { subject: 'a', body: 'b' }],
      },
      ['in -> mail'],
    );
    await kit.publish({ tenant, journey: 'mail', graph: mail });
    const graph = drawGraph(
      {
        in: ['segment_entry', { segment_id: 'vip' }],
        note: ['update_profile', { fields: { 'properties.by': '{{ event.type }}' } }],
        mail: ['send_email', { subject: 'a', body: 'b' }],
      },
      ['in -> note', 'note -> mail'],
    );
    const frequencyCaps = { email: { max: 1, window: '1d' } };
    await kit.publish({ tenant, journey: 'J', graph, frequencyCaps, entryCap: 'requests' });
    await kit.customer({ tenant, id: 'c1', email: 'c1@example.com' });
    await kit.event({ tenant, customer: 'c1', type: 'go' });
    await kit.settle();
    await expect(kit.enroll({ tenant, journey: 'J', customer: 'c1' })).rejects.toMatchObject({
      code: 'customer.capped',
    });
    await spend(kit, 'c1', 100);
    await kit.settle();
    expect(await letIn(kit)).toEqual(['c1']);
    expect(await kit.profile({ tenant, id: 'c1' })).toMatchObject({
      properties: { by: 'segment_entered' },
    });
  });
});
