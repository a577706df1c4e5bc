import { describe, expect, it } from 'vitest';
import type { Testkit } from '../../../lib/testkit/testkit.ts';
import { drawGraph } from '../../support/graphs.ts';
import { openKit, entry, exit, mail } from '../../support/kit.ts';

const tenant = 'T1';
const oneMail = drawGraph({ in: entry, m: mail, out: exit }, ['in -> m', 'm -> out']);

/** Two mails, a day apart. */
const twoMails = drawGraph(
  { in: entry, first: mail, day: ['wait', { duration: '1d' }], second: mail, out: exit },
  ['in -> first', 'first -> day', 'day -> second', 'second -> out'],
);

const behindCap = drawGraph(
  {
    in: entry,
    cap: ['frequency_cap', { channel: 'email', max_messages: 1, time_window: '1d' }],
    m: mail,
    over: ['add_tag', { tag: 'capped' }],
    out: exit,
  },
  ['in -> cap', 'cap -> m [allowed]', 'cap -> over [capped]', 'm -> out', 'over -> out'],
);

async function customers(kit: Testkit, ...ids: string[]): Promise<void> {
  for (const id of ids) await kit.customer({ tenant, id, email: `${id}@example.com` });
}

async function run(kit: Testkit, journey: string, customer = 'c1', of = tenant): Promise<string> {
  const { instance } = await kit.enroll({ tenant: of, journey, customer });
  await kit.settle();
  return instance;
}

async function delivered(kit: Testkit, instance: string): Promise<string[]> {
  return (await kit.deliveries(instance)).map(({ status }) => status);
}

describe('a frequency cap', () => {
  it('counts what all journeys of the tenant send, capped or not', async () => {
    const kit = await openKit();
    await customers(kit, 'c1', 'c2');
    await kit.publish({ tenant, journey: 'free', graph: oneMail });
    await kit.publish({
      tenant,
      journey: 'capped',
      graph: { ...oneMail, frequency_cap: { email: { max: 2, window: '1d' } } },
    });
    await run(kit, 'free');
    const second = await run(kit, 'capped');
    const third = await run(kit, 'capped');
    expect(await delivered(kit, second)).toEqual(['sent']);
    expect(await delivered(kit, third)).toEqual(['capped']);
    expect(await delivered(kit, await run(kit, 'free'))).toEqual(['sent']);
    expect(await delivered(kit, await run(kit, 'capped', 'c2'))).toEqual(['sent']);
    expect(kit.sends()).toHaveLength(4);
  });

  it('that refuses a message completes its step with the reason, and the journey goes on', async () => {
    const kit = await openKit();
    await customers(kit, 'c1');
    await kit.publish({
      tenant,
      journey: 'J',
      graph: twoMails,
      frequencyCaps: [{ channel: 'email', max: 1, window: '2d' }],
    });
    const id = await run(kit, 'J');
    await kit.advance('1d');
    expect(await kit.instance(id)).toMatchObject({
      status: 'completed',
      accumulated: { first: { status: 'sent' }, second: { status: 'capped' } },
    });
    expect((await kit.steps(id))[3]).toMatchObject({
      node: 'second',
      status: 'completed',
      result: { status: 'capped', detail: 'at most 1 message by email in 2d' },
      notes: [
        'not sent, because the customer has had enough messages: at most 1 message by email in 2d',
      ],
    });
    expect(await delivered(kit, id)).toEqual(['sent', 'capped']);
    expect(kit.sends()).toHaveLength(1);
    expect(await kit.leftovers()).toEqual({ waits: 0, timers: 0, locks: 0, tokens: 0 });
  });

  it('counts a message until exactly one window later, and not a millisecond longer', async () => {
    const kit = await openKit();
    await customers(kit, 'c1');
    const frequencyCaps = { max_messages: 1, time_window: '1d' };
    await kit.publish({ tenant, journey: 'J', graph: oneMail, frequencyCaps });
    await run(kit, 'J');
    await kit.advance('86399999ms');
    expect(await delivered(kit, await run(kit, 'J'))).toEqual(['capped']);
    await kit.advance('1ms');
    expect(await delivered(kit, await run(kit, 'J'))).toEqual(['sent']);
  });

  it('of the tenant holds for every journey from when it is set', async () => {
    const kit = await openKit();
    await customers(kit, 'c1');
    await kit.publish({ tenant, journey: 'J', graph: oneMail });
    await run(kit, 'J');
    await kit.tenantCaps({ tenant, caps: { email: { max: 2, window: '1w' } } });
    expect(await delivered(kit, await run(kit, 'J'))).toEqual(['sent']);
    expect(await delivered(kit, await run(kit, 'J'))).toEqual(['capped']);
    await kit.restart();
    expect(await delivered(kit, await run(kit, 'J'))).toEqual(['capped']);
    await kit.tenantCaps({ tenant, caps: [] });
    expect(await delivered(kit, await run(kit, 'J'))).toEqual(['sent']);
  });

  it('knows no customer of another tenant', async () => {
    const kit = await openKit();
    await customers(kit, 'c1');
    await kit.customer({ tenant: 'T2', id: 'c1', email: 'c1@example.com' });
    for (const of of [tenant, 'T2']) {
      await kit.publish({ tenant: of, journey: 'J', graph: oneMail });
      await kit.tenantCaps({ tenant: of, caps: { max_messages: 1, time_window: '1d' } });
      expect(await delivered(kit, await run(kit, 'J', 'c1', of))).toEqual(['sent']);
    }
    expect(await delivered(kit, await run(kit, 'J', 'c1', 'T2'))).toEqual(['capped']);
  });

  it('remembers for as long as its window, also what it caps is sent by others', async () => {
    const kit = await openKit();
    await customers(kit, 'c1');
    const frequencyCaps = { email: { max: 1, window: '365d' } };
    await kit.publish({ tenant, journey: 'capped', graph: oneMail, frequencyCaps });
    await kit.publish({ tenant, journey: 'free', graph: oneMail });
    await run(kit, 'free');
    await kit.advance('364d');
    await kit.customer({ tenant, id: 'c1', name: 'Ada' });
    expect(await delivered(kit, await run(kit, 'capped'))).toEqual(['capped']);
    await kit.advance('1d');
    expect(await delivered(kit, await run(kit, 'capped'))).toEqual(['sent']);
  });

  it('is not exceeded by many journeys at the same moment', async () => {
    const kit = await openKit({ seed: 7 });
    await customers(kit, 'c1');
    await kit.tenantCaps({ tenant, caps: { all: { max: 3, window: '1h' } } });
    const journeys = Array.from({ length: 12 }, (_, n) => `J${n}`);
    for (const journey of journeys) await kit.publish({ tenant, journey, graph: oneMail });
    const entered = await Promise.all(
      journeys.map((journey) => kit.enroll({ tenant, journey, customer: 'c1' })),
    );
    await kit.settle();
    const statuses = await Promise.all(entered.map(({ instance }) => delivered(kit, instance)));
    expect(statuses.flat().toSorted()).toEqual([
      ...Array.from({ length: 9 }, () => 'capped'),
      'sent',
      'sent',
      'sent',
    ]);
    expect(kit.sends()).toHaveLength(3);
  });
});

describe('the place of a message under a cap', () => {
  const frequencyCaps = { email: { max: 1, window: '1d' } };

  async function opened(): Promise<Testkit> {
    const kit = await openKit();
    await customers(kit, 'c1');
    await kit.publish({ tenant, journey: 'J', graph: oneMail, frequencyCaps });
    return kit;
  }

  it('is given back when the provider refuses the recipient', async () => {
    const kit = await opened();
    kit.channel('email').next('refuse');
    expect(await delivered(kit, await run(kit, 'J'))).toEqual(['failed']);
    expect(await delivered(kit, await run(kit, 'J'))).toEqual(['sent']);
    expect(await delivered(kit, await run(kit, 'J'))).toEqual(['capped']);
  });

  it('is given back when the node fails for it', async () => {
    const kit = await opened();
    const strict = drawGraph(
      {
        in: entry,
        m: ['send_email', { subject: 'Hi', body: 'Hi', on_failure: 'fail' }],
        out: exit,
      },
      ['in -> m', 'm -> out'],
    );
    await kit.publish({ tenant, journey: 'strict', graph: strict, frequencyCaps });
    kit.channel('email').next('refuse');
    const id = await run(kit, 'strict');
    expect((await kit.instance(id)).status).toBe('failed');
    expect(await delivered(kit, await run(kit, 'J'))).toEqual(['sent']);
  });

  it.each(['hang', 'accept_then_lose_answer'] as const)(
    'is kept when nobody can tell whether it left (%s)',
    async (answer) => {
      const kit = await opened();
      kit.channel('email').next(answer);
      const id = await run(kit, 'J');
      await kit.advance('1m');
      expect(await delivered(kit, id)).toEqual(['unknown']);
      expect(await delivered(kit, await run(kit, 'J'))).toEqual(['capped']);
    },
  );

  it('is given back between two attempts, and taken again for the next', async () => {
    const kit = await opened();
    await kit.publish({ tenant, journey: 'other', graph: oneMail });
    kit.channel('email').next('transient');
    const id = await run(kit, 'J');
    expect((await kit.steps(id))[1]?.status).toBe('retrying');
    await run(kit, 'other');
    await kit.advance('1m');
    expect(await delivered(kit, id)).toEqual(['capped']);
    expect(kit.sends()).toHaveLength(1);
  });

  it('is given back when the provider never takes the message', async () => {
    const kit = await opened();
    kit.channel('email').next('transient', 9);
    const id = await run(kit, 'J');
    await kit.advance('1h');
    expect(await delivered(kit, id)).toEqual(['failed']);
    expect(await delivered(kit, await run(kit, 'J'))).toEqual(['sent']);
  });

  it('is never taken by an instance that was cancelled before', async () => {
    const kit = await opened();
    const { instance } = await kit.enroll({ tenant, journey: 'J', customer: 'c1' });
    await kit.cancel(instance);
    await kit.settle();
    expect(await kit.deliveries(instance)).toEqual([]);
    expect(await delivered(kit, await run(kit, 'J'))).toEqual(['sent']);
  });

  it('of an instance that is cancelled meanwhile follows what the provider says', async () => {
    const kit = await opened();
    kit.channel('email').next('hang');
    const id = await run(kit, 'J');
    await kit.cancel(id);
    await kit.advance('1m');
    expect(await delivered(kit, id)).toEqual(['unknown']);
    expect(await delivered(kit, await run(kit, 'J'))).toEqual(['capped']);
  });

  it.each(['send.claim:before', 'send.claim:after', 'provider.call:before', 'provider.call:after'])(
    'is taken once by a message whose process dies at %s',
    async (point) => {
      const kit = await opened();
      kit.killAt(point);
      await expect(run(kit, 'J')).rejects.toMatchObject({ code: 'testkit.killed' });
      await kit.restart();
      await kit.settle();
      expect(await delivered(kit, await run(kit, 'J'))).toEqual(['capped']);
      expect(kit.sends().length).toBeLessThanOrEqual(1);
    },
  );
});

describe('a frequency_cap node', () => {
  it('lets customers by who have had less, and the others by the other branch', async () => {
    const kit = await openKit();
    await customers(kit, 'c1');
    await kit.publish({ tenant, journey: 'J', graph: behindCap });
    const [first, second] = [await run(kit, 'J'), await run(kit, 'J')];
    expect((await kit.steps(first))[1]).toMatchObject({
      branch: 'allowed',
      notes: ['the customer may have another message (email: 1 in 1d), so allowed'],
    });
    expect((await kit.steps(second))[1]).toMatchObject({
      branch: 'capped',
      notes: ['the customer has had the allowed messages (email: 1 in 1d), so capped'],
    });
    expect((await kit.profile({ tenant, id: 'c1' })).tags).toEqual(['capped']);
  });

  it('gives its cap to the sends behind it: what was allowed to both is sent by one', async () => {
    const kit = await openKit();
    await customers(kit, 'c1');
    const slow = drawGraph(
      {
        in: entry,
        cap: ['frequency_cap', { max_messages: 1, time_window: '1d' }],
        hour: ['wait', { duration: '1h' }],
        m: mail,
        over: exit,
        out: exit,
      },
      ['in -> cap', 'cap -> hour [allowed]', 'cap -> over [capped]', 'hour -> m', 'm -> out'],
    );
    for (const journey of ['A', 'B']) await kit.publish({ tenant, journey, graph: slow });
    const [a, b] = [await run(kit, 'A'), await run(kit, 'B')];
    await kit.advance('1h');
    expect([...(await delivered(kit, a)), ...(await delivered(kit, b))].toSorted()).toEqual([
      'capped',
      'sent',
    ]);
    expect(kit.sends()).toHaveLength(1);
  });

  it('gives it to no send that another way leads to', async () => {
    const kit = await openKit();
    await customers(kit, 'c1');
    const meeting = drawGraph(
      {
        in: entry,
        cap: ['frequency_cap', { max_messages: 1, time_window: '1d' }],
        a: ['add_tag', { tag: 'a' }],
        b: ['add_tag', { tag: 'b' }],
        m: mail,
        out: exit,
      },
      ['in -> cap', 'cap -> a [allowed]', 'cap -> b [capped]', 'a -> m', 'b -> m', 'm -> out'],
    );
    await kit.publish({ tenant, journey: 'J', graph: meeting });
    await run(kit, 'J');
    expect(await delivered(kit, await run(kit, 'J'))).toEqual(['sent']);
  });
});

describe('caps that cannot be read', () => {
  it.each([
    [{ frequencyCaps: { email: { max: 0, window: '1d' } } }, 'frequency_caps.email.max'],
    [{ frequencyCaps: { fax: { max: 1, window: '1d' } } }, 'frequency_caps'],
    [{ frequencyCaps: [{ channel: 'email', max: 1 }] }, 'frequency_caps[0].window'],
    [
      { frequencyCaps: [{ max_messages: 1001, time_window: '1d' }] },
      'frequency_caps[0].max_messages',
    ],
    [{ frequencyCaps: null }, 'frequency_caps'],
  ])('refuse the journey: %j', async (options, path) => {
    const kit = await openKit();
    await expect(
      kit.publish({ tenant, journey: 'J', graph: oneMail, ...options }),
    ).rejects.toMatchObject({ code: 'journey.invalid', problems: [{ path }] });
    await expect(kit.enroll({ tenant, journey: 'J', customer: 'c1' })).rejects.toMatchObject({
      code: 'journey.unknown',
    });
  });

  it('change nothing of the caps of the tenant', async () => {
    const kit = await openKit();
    await customers(kit, 'c1');
    await kit.publish({ tenant, journey: 'J', graph: oneMail });
    await kit.tenantCaps({ tenant, caps: { max_messages: 1, time_window: '1d' } });
    await expect(
      kit.tenantCaps({ tenant, caps: { max_messages: 'x', time_window: '1 d' } }),
    ).rejects.toMatchObject({
      code: 'caps.invalid',
      problems: [{ path: 'caps.max_messages' }, { path: 'caps.time_window' }],
    });
    await run(kit, 'J');
    expect(await delivered(kit, await run(kit, 'J'))).toEqual(['capped']);
  });
});
