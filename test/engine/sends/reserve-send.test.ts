/** The place of a message whose provider notices repetitions: an attempt that may have left keeps it, whatever follows. */
import { describe, expect, it } from 'vitest';
import { cancel } from '../../../lib/engine/instances/cancel.ts';
import { saveCustomer } from '../../../lib/engine/customers/customers.ts';
import { enrol } from '../../../lib/engine/enrolment/enrol.ts';
import { publish } from '../../../lib/engine/journeys/publish.ts';
import { readInstance } from '../../../lib/engine/instances/read-instance.ts';
import { readTimeline } from '../../../lib/engine/instances/read-steps.ts';
import { keys } from '../../../lib/engine/records/keys.ts';
import { sendTimesOf } from '../../../lib/engine/records/send-times.ts';
import type { ShownSend } from '../../../lib/engine/records/delivery-report.ts';
import { explainCap } from '../../../lib/engine/sends/reserve-send.ts';
import type { ChannelAnswer } from '../../../lib/ports/channel.ts';
import { apiHarness, type ApiHarness } from '../../support/api-harness.ts';
import { drawGraph } from '../../support/graphs.ts';
import { entry, exit, mail } from '../../support/kit.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const tenant = 'T1';
const unknown: ChannelAnswer = { kind: 'unknown', reason: 'no answer' };
const transient: ChannelAnswer = { kind: 'transient', reason: 'busy' };
const refused: ChannelAnswer = { kind: 'refused', reason: 'no such mailbox' };
const accepted: ChannelAnswer = { kind: 'accepted', providerMessageId: 'm1' };

/** Journey `capped` allows one mail a day, journey `free` any number; the provider answers as scripted, then accepts. */
async function opened(answers: ChannelAnswer[]): Promise<ApiHarness> {
  const channel = {
    idempotent: true,
    send: () => Promise.resolve(answers.shift() ?? accepted),
  };
  const api = await apiHarness({ find: () => ({ name: 'mail', channel }) });
  const graph = drawGraph({ in: entry, m: mail, out: exit }, ['in -> m', 'm -> out']);
  const settings = { frequency_caps: { email: { max: 1, window: '1d' } } };
  await publish(api.ctx, { tenant, journey: 'capped', graph, settings });
  await publish(api.ctx, { tenant, journey: 'free', graph });
  await saveCustomer(api.ctx, { tenant, customer: 'c1', email: 'c1@example.com' });
  return api;
}

async function enter(api: ApiHarness, journey: string): Promise<string> {
  const { instance } = await enrol(api.ctx, { tenant, journey, customer: 'c1' });
  await api.settle();
  return instance;
}

async function minutes(api: ApiHarness, count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    api.clock.moveTo(api.clock.now() + 60_000);
    await api.settle();
  }
}

async function sendOf(api: ApiHarness, id: string): Promise<ShownSend | undefined> {
  const instance = await readInstance(api.ctx, { tenant, instance: id });
  return (await readTimeline(api.ctx, instance))[1]?.send;
}

async function recorded(api: ApiHarness): Promise<readonly number[]> {
  const item = await api.table.get(keys.sendTimes(tenant, 'c1'));
  return sendTimesOf(item).sends.byChannel.email ?? [];
}

describe('a message that may have left', () => {
  it('keeps its place while it is repeated, and has one in the end, at the time of the last attempt', async () => {
    const api = await opened([unknown]);
    const id = await enter(api, 'capped');
    expect(await sendOf(api, id)).toMatchObject({ status: 'retrying', uncertain: true, at: start });
    expect(await recorded(api)).toEqual([start]);
    await minutes(api, 1);
    expect(await sendOf(api, id)).toMatchObject({ status: 'sent', attempt: 2 });
    const [at = 0, ...others] = await recorded(api);
    expect(others).toEqual([]);
    expect(at).toBeGreaterThan(start);
  });

  it('is not repeated when the cap is taken meanwhile, and still counts', async () => {
    const api = await opened([unknown]);
    const id = await enter(api, 'capped');
    await enter(api, 'free');
    expect(await recorded(api)).toEqual([start, start]);
    await minutes(api, 1);
    expect(await sendOf(api, id)).toMatchObject({
      status: 'unknown',
      attempt: 1,
      detail: 'an attempt broke off, and there is no other: at most 1 message by email in 1d',
    });
    expect(await recorded(api)).toEqual([start, start]);
  });

  it.each([
    ['is refused', [unknown, refused], 'failed'],
    [
      'is not taken again and again',
      [unknown, ...Array.from({ length: 8 }, () => transient)],
      'unknown',
    ],
    ['is not taken, then sent', [unknown, transient], 'sent'],
  ] as const)('keeps it also when the repetition %s', async (_what, answers, status) => {
    const api = await opened([...answers]);
    const id = await enter(api, 'capped');
    await minutes(api, 30);
    expect(await sendOf(api, id)).toMatchObject({ status });
    expect(await recorded(api)).toHaveLength(1);
  });
});

describe('a message that was not sent', () => {
  it('has no place between two attempts', async () => {
    const api = await opened([transient]);
    const id = await enter(api, 'capped');
    expect(await recorded(api)).toEqual([]);
    expect((await sendOf(api, id))?.at).toBeUndefined();
    await minutes(api, 1);
    expect(await sendOf(api, id)).toMatchObject({ status: 'sent' });
    expect(await recorded(api)).toHaveLength(1);
  });

  it('has none when the set-up is wrong', async () => {
    const api = await opened([{ kind: 'misconfigured', reason: 'no password' }]);
    const id = await enter(api, 'capped');
    expect(await readInstance(api.ctx, { tenant, instance: id })).toMatchObject({
      status: 'failed',
      exitReason: 'channel_misconfigured',
    });
    expect(await recorded(api)).toEqual([]);
  });
});

describe('a message whose instance is cancelled while its provider thinks', () => {
  it.each([
    ['refuses', refused, 'failed', 0],
    ['accepts', accepted, 'sent', 1],
    ['is set up wrongly', { kind: 'misconfigured', reason: 'no password' }, 'failed', 0],
  ] as const)(
    'has a place or none, as the provider says: it %s',
    async (_what, answer, status, count) => {
      let tell: (answer: ChannelAnswer) => void = () => undefined;
      const channel = {
        idempotent: false,
        send: () => new Promise<ChannelAnswer>((resolve) => (tell = resolve)),
      };
      const api = await apiHarness({ find: () => ({ name: 'mail', channel }) });
      const graph = drawGraph({ in: entry, m: mail, out: exit }, ['in -> m', 'm -> out']);
      await publish(api.ctx, { tenant, journey: 'J', graph });
      await saveCustomer(api.ctx, { tenant, customer: 'c1', email: 'c1@example.com' });
      const { instance } = await enrol(api.ctx, { tenant, journey: 'J', customer: 'c1' });
      await until(async () => (await sendOf(api, instance))?.status === 'sending');
      expect(await recorded(api)).toEqual([start]);
      await cancel(api.ctx, { tenant, instance });
      tell(answer);
      await api.settle();
      expect(await sendOf(api, instance)).toMatchObject({ status });
      expect(await recorded(api)).toHaveLength(count);
    },
  );
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}

describe('the times of sends', () => {
  it('are remembered for 31 days when no cap looks back longer', async () => {
    const api = await opened([]);
    await enter(api, 'free');
    api.clock.moveTo(start + 31 * 86_400_000 - 1);
    await enter(api, 'free');
    expect(await recorded(api)).toHaveLength(2);
    api.clock.moveTo(start + 31 * 86_400_000);
    await enter(api, 'free');
    expect(await recorded(api)).toHaveLength(2);
  });

  it('are remembered for as long as the longest cap of the tenant that there ever was', async () => {
    const api = await opened([]);
    const graph = drawGraph(
      {
        in: entry,
        cap: ['frequency_cap', { max_messages: 1, time_window: '90d' }],
        m: mail,
        out: exit,
      },
      ['in -> cap', 'cap -> m [allowed]', 'cap -> out [capped]', 'm -> out'],
    );
    await publish(api.ctx, { tenant, journey: 'yearly', graph });
    await enter(api, 'free');
    api.clock.moveTo(start + 90 * 86_400_000 - 1);
    await enter(api, 'free');
    expect(await recorded(api)).toHaveLength(2);
  });
});

it.each([
  [{ channel: 'all', max: 3, windowMs: 604_800_000 }, 'at most 3 messages in 1w'],
  [{ channel: 'in_app', max: 1, windowMs: 90_000 }, 'at most 1 message by in_app in 90s'],
] as const)('a cap is told in words: %j', (cap, words) => {
  expect(explainCap(cap)).toBe(words);
});
