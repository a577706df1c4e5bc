import { describe, expect, it } from 'vitest';
import { createMemoryTable } from '../../../lib/adapters/local/memory-table.ts';
import { inboxChannel } from '../../../lib/engine/sends/inbox-channel.ts';
import { listInbox, markRead } from '../../../lib/engine/sends/inbox.ts';
import type { OutgoingMessage } from '../../../lib/ports/channel.ts';
import { seededChance, seededIds } from '../../../lib/testkit/seeded-chance.ts';
import { virtualClock } from '../../../lib/testkit/virtual-clock.ts';

function set(): Parameters<typeof inboxChannel>[0] & { clock: ReturnType<typeof virtualClock> } {
  const clock = virtualClock(1_000);
  return { table: createMemoryTable(), clock, ids: seededIds(seededChance(1)) };
}

const message: OutgoingMessage = {
  key: 'T1/i1/n1',
  tenant: 'T1',
  customer: 'c1',
  journey: 'J',
  instance: 'i1',
  node: 'n1',
  channel: 'in_app',
  to: 'c1',
  body: 'Hello',
};

describe('inboxChannel', () => {
  it('delivers once per instance and node, however often it is called', async () => {
    const ports = set();
    const channel = inboxChannel(ports);
    expect(channel.idempotent).toBe(true);
    const answers = [await channel.send(message)];
    ports.clock.moveTo(2_000);
    answers.push(...(await Promise.all([1, 2, 3].map(() => channel.send(message)))));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await channel.send({ ...message, node: 'n2' });
    const { messages } = await listInbox(ports, { tenant: 'T1', customer: 'c1', limit: 10 });
    expect(messages.map(({ node, at }) => [node, at])).toEqual([
      ['n2', 2_000],
      ['n1', 1_000],
    ]);
    expect(answers[0]).toEqual({ kind: 'accepted', providerMessageId: messages[1]?.id });
  });

  it('keeps the instant of the first of two who mark a message as read at once', async () => {
    const ports = set();
    await inboxChannel(ports).send(message);
    const of = { tenant: 'T1', customer: 'c1' };
    const [{ id } = { id: '' }] = (await listInbox(ports, { ...of, limit: 10 })).messages;
    const both = await Promise.all([1, 2].map(() => markRead(ports, { ...of, message: id })));
    expect(both.map(({ readAt }) => readAt)).toEqual([1_000, 1_000]);
  });
});
