import { describe, expect, it } from 'vitest';
import type { Testkit } from '../../../lib/testkit/testkit.ts';
import type { PublishOptions } from '../../../lib/testkit/testkit-interface.ts';
import { drawGraph, twoEntriesJourney } from '../../support/graphs.ts';
import { openKit, entry, exit, mail } from '../../support/kit.ts';

const tenant = 'T1';
const graph = drawGraph({ in: entry, day: ['wait', { duration: '1d' }], out: exit }, [
  'in -> day',
  'day -> out',
]);

async function opened(options: Partial<PublishOptions>): Promise<Testkit> {
  const kit = await openKit();
  await kit.publish({ tenant, journey: 'J', graph, ...options });
  return kit;
}

const enter = (kit: Testkit): Promise<{ instance: string }> =>
  kit.enroll({ tenant, journey: 'J', customer: 'c1' });

describe('re-entry', () => {
  it.each([{}, { reentry: 'after_completion' as const }])(
    'is allowed after the end, as a new instance: %j',
    async (options) => {
      const kit = await opened(options);
      const first = await enter(kit);
      await kit.advance('1d');
      const second = await enter(kit);
      expect(second.instance).not.toBe(first.instance);
      await expect(enter(kit)).rejects.toMatchObject({ code: 'instance.already_in_journey' });
    },
  );

  it('never is refused however the first time ended', async () => {
    const kit = await opened({ reentry: 'never' });
    const { instance } = await enter(kit);
    await expect(enter(kit)).rejects.toMatchObject({ code: 'instance.already_in_journey' });
    await kit.cancel(instance);
    await kit.advance('1825d');
    await expect(enter(kit)).rejects.toMatchObject({
      code: 'instance.reentry_refused',
      message: 'The customer has been in journey "J", which takes nobody twice.',
    });
    expect(await kit.instances({ tenant })).toEqual([instance]);
    await kit.enroll({ tenant, journey: 'J', customer: 'c2' });
  });

  it('with a cool-down is refused until so long after the end, and allowed from then on', async () => {
    const kit = await opened({ reentry: { after: '7d' } });
    await enter(kit);
    await kit.advance('1d');
    await kit.advance('6d');
    await kit.advance('86399999ms');
    await expect(enter(kit)).rejects.toMatchObject({
      code: 'instance.reentry_refused',
      message: 'The customer may enter journey "J" again at 2026-01-09T00:00:00.000Z.',
      data: { allowed_from: '2026-01-09T00:00:00.000Z' },
    });
    await kit.advance('1ms');
    await enter(kit);
    await kit.advance('1d');
    await expect(enter(kit)).rejects.toMatchObject({ code: 'instance.reentry_refused' });
  });

  it('by an event is passed over in silence', async () => {
    const kit = await opened({ reentry: 'never' });
    const event = { tenant, customer: 'c1', type: 'go' };
    expect((await kit.event(event)).enrolled).toHaveLength(1);
    await kit.advance('1d');
    expect(await kit.event({ ...event, id: 'e2' })).toEqual({ routed: 0, enrolled: [] });
    expect(await kit.event({ ...event, id: 'e2' })).toEqual({ routed: 0, enrolled: [] });
    expect(await kit.instances({ tenant })).toHaveLength(1);
  });

  it('follows the rule of the version that is active now', async () => {
    const kit = await opened({ reentry: 'never' });
    await enter(kit);
    await kit.advance('1d');
    await expect(enter(kit)).rejects.toMatchObject({ code: 'instance.reentry_refused' });
    await kit.publish({ tenant, journey: 'J', graph });
    await enter(kit);
  });

  it('after a cool-down is won by one of many who try at the same time', async () => {
    const kit = await opened({ reentry: { after: '1h' } });
    await enter(kit);
    await kit.advance('2d');
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => enter(kit)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await kit.instances({ tenant })).toHaveLength(2);
  });

  it.each([
    ['sometimes', 'reentry must be one of "after_completion", "never"'],
    [{ after: '7 d' }, 'reentry.after must be a duration such as "3d"'],
    [{ after: '7d', before: 1 }, 'reentry has the unknown key "before"'],
    [null, 'reentry must be an object'],
    [7, 'reentry must be one of "after_completion", "never"'],
  ])('refuses the rule %j', async (reentry, message) => {
    const kit = await openKit();
    const options = { tenant, journey: 'J', graph, reentry } as PublishOptions;
    await expect(kit.publish(options)).rejects.toMatchObject({
      code: 'journey.invalid',
      problems: [{ code: 'journey.setting', message: expect.stringContaining(message) as string }],
    });
  });

  it('and caps and the graph have all their mistakes told at once', async () => {
    const kit = await openKit();
    const options = {
      tenant,
      journey: 'J',
      graph: drawGraph({ in: entry, m: ['send_email', {}] }, ['in -> m', 'in -> z']),
      reentry: 'x',
      frequencyCaps: { email: {} },
      entryCap: 'maybe',
    } as unknown as PublishOptions;
    await expect(kit.publish(options)).rejects.toMatchObject({
      problems: expect.arrayContaining([
        expect.objectContaining({ code: 'graph.unknown_node' }),
        expect.objectContaining({ path: 'frequency_caps.email.max' }),
        expect.objectContaining({ path: 'frequency_caps.email.window' }),
        expect.objectContaining({ path: 'reentry' }),
        expect.objectContaining({ path: 'entry_cap' }),
      ]) as unknown,
    });
  });
});

describe('an entry cap', () => {
  const mails = {
    graph: drawGraph({ in: entry, m: mail, out: exit }, ['in -> m', 'm -> out']),
    frequencyCaps: { email: { max: 1, window: '1d' } },
  };
  const event = { tenant, customer: 'c1', type: 'go' };

  async function exhausted(entryCap?: 'none' | 'requests' | 'all'): Promise<Testkit> {
    const kit = await opened({ ...mails, ...(entryCap === undefined ? {} : { entryCap }) });
    await kit.customer({ tenant, id: 'c1', email: 'c1@example.com' });
    await enter(kit);
    await kit.settle();
    return kit;
  }

  it.each([undefined, 'none' as const])('is off by default (%s)', async (entryCap) => {
    const kit = await exhausted(entryCap);
    const { instance } = await enter(kit);
    await kit.settle();
    expect(await kit.deliveries(instance)).toMatchObject([{ status: 'capped' }]);
  });

  it('turns requests away while a cap of the journey is exhausted, and lets events in', async () => {
    const kit = await exhausted('requests');
    await expect(enter(kit)).rejects.toMatchObject({
      code: 'customer.capped',
      message:
        'The customer has had enough messages for journey "J": at most 1 message by email in 1d.',
    });
    expect((await kit.event(event)).enrolled).toHaveLength(1);
    await kit.advance('1d');
    await enter(kit);
  });

  it('turns events away as well when it says so, in silence', async () => {
    const kit = await exhausted('all');
    expect(await kit.event(event)).toEqual({ routed: 0, enrolled: [] });
    await expect(enter(kit)).rejects.toMatchObject({ code: 'customer.capped' });
    expect(await kit.instances({ tenant })).toHaveLength(1);
    await kit.advance('1d');
    expect((await kit.event(event)).enrolled).toHaveLength(1);
  });

  it('comes before the question whether the customer is in the journey already', async () => {
    const kit = await opened({
      graph: drawGraph({ in: entry, m: mail, day: ['wait', { duration: '1d' }], out: exit }, [
        'in -> m',
        'm -> day',
        'day -> out',
      ]),
      frequencyCaps: mails.frequencyCaps,
      entryCap: 'requests',
    });
    await kit.customer({ tenant, id: 'c1', email: 'c1@example.com' });
    await enter(kit);
    await kit.settle();
    await expect(enter(kit)).rejects.toMatchObject({ code: 'customer.capped' });
  });
});

describe('of several entries', () => {
  it('the one whose trigger came is taken, a named one, or the first', async () => {
    const kit = await openKit();
    await kit.publish({ tenant, journey: 'J', graph: twoEntriesJourney() });
    const ran = async (instance: string): Promise<string[]> => {
      await kit.settle();
      return (await kit.steps(instance)).map(({ node }) => node);
    };
    const { enrolled } = await kit.event({ tenant, customer: 'c1', type: 'signed_up' });
    expect(await ran(enrolled[0] ?? '')).toEqual(['in_a', 'tag_a', 'wait_1']);
    const named = await kit.enroll({ tenant, journey: 'J', customer: 'c2', entry: 'in_b' });
    expect(await ran(named.instance)).toEqual(['in_b', 'tag_b', 'wait_1']);
    const first = await kit.enroll({ tenant, journey: 'J', customer: 'c3' });
    expect(await ran(first.instance)).toEqual(['in_a', 'tag_a', 'wait_1']);
    for (const entry of ['tag_a', 'nowhere']) {
      await expect(
        kit.enroll({ tenant, journey: 'J', customer: 'c4', entry }),
      ).rejects.toMatchObject({ code: 'journey.entry_unknown' });
    }
    expect(await kit.instances({ tenant, customer: 'c4' })).toEqual([]);
  });
});
