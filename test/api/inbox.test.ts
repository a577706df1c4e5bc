import { describe, expect, it } from 'vitest';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { drawGraph } from '../support/graphs.ts';
import { entry, exit } from '../support/kit.ts';

const first = { subject: 'Hi {{ customer.name }}', body: 'Dark mode', placement: 'banner' };

/** Customer c1 of T1 got one message that stays and one that is shown for a day. */
async function withMessages(): Promise<ApiHarness> {
  const api = await apiHarness();
  const graph = drawGraph(
    {
      in: entry,
      a: ['send_in_app', first],
      w: ['wait', { duration: '1h' }],
      b: ['send_in_app', { body: 'Today only', expiry: '1d' }],
      out: exit,
    },
    ['in -> a', 'a -> w', 'w -> b', 'b -> out'],
  );
  await api.call('POST', '/v1/journeys/J/publish', { graph });
  await api.call('PUT', '/v1/customers/c1', { name: 'Ada' });
  await api.call('POST', '/v1/journeys/J/instances', { customer_id: 'c1' });
  await api.settle();
  api.clock.moveTo(api.clock.now() + 3_600_000);
  await api.settle();
  return api;
}

const inbox = async (
  api: ApiHarness,
  query = '',
): Promise<{ messages: { body: string; id: string }[]; next?: string }> =>
  (await api.call('GET', `/v1/customers/c1/inbox${query}`)).body;

describe('the inbox over HTTP', () => {
  it('shows the messages of the customer, newest first', async () => {
    const api = await withMessages();
    const { messages } = await inbox(api);
    expect(messages).toEqual([
      {
        id: expect.any(String),
        body: 'Today only',
        journey: 'J',
        instance: expect.any(String),
        node: 'b',
        at: '2026-01-01T01:00:00.000Z',
        expires_at: '2026-01-02T01:00:00.000Z',
      },
      {
        id: expect.any(String),
        subject: 'Hi Ada',
        body: 'Dark mode',
        placement: 'banner',
        journey: 'J',
        instance: expect.any(String),
        node: 'a',
        at: '2026-01-01T00:00:00.000Z',
      },
    ]);
    const one = await inbox(api, '?limit=1');
    expect(one.messages.map(({ body }) => body)).toEqual(['Today only']);
    const rest = await inbox(api, `?limit=1&after=${one.next ?? ''}`);
    expect(rest.messages.map(({ body }) => body)).toEqual(['Dark mode']);
    expect(rest.next).toBeUndefined();
  });

  it('shows a message until the instant at which it expires, and not from then on', async () => {
    const api = await withMessages();
    const [{ id } = { id: '' }] = (await inbox(api)).messages;
    api.clock.moveTo(Date.parse('2026-01-02T00:59:59.999Z'));
    expect((await inbox(api)).messages).toHaveLength(2);
    api.clock.moveTo(Date.parse('2026-01-02T01:00:00Z'));
    expect((await inbox(api)).messages.map(({ body }) => body)).toEqual(['Dark mode']);
    const late = await api.call('POST', `/v1/customers/c1/inbox/${id}/read`);
    expect([late.status, late.body.error.code]).toEqual([404, 'message.unknown']);
  });

  it('notes when a message was read first', async () => {
    const api = await withMessages();
    const [, { id } = { id: '' }] = (await inbox(api)).messages;
    const read = await api.call('POST', `/v1/customers/c1/inbox/${id}/read`);
    expect([read.status, read.body.read_at]).toEqual([200, '2026-01-01T01:00:00.000Z']);
    api.clock.moveTo(api.clock.now() + 1_000);
    const again = await Promise.all(
      [1, 2].map(() => api.call('POST', `/v1/customers/c1/inbox/${id}/read`)),
    );
    expect(again.map(({ body }) => body.read_at)).toEqual([
      '2026-01-01T01:00:00.000Z',
      '2026-01-01T01:00:00.000Z',
    ]);
    expect((await inbox(api)).messages[1]).toMatchObject({
      id,
      read_at: '2026-01-01T01:00:00.000Z',
    });
  });

  it('is empty for other customers and other tenants, who cannot mark its messages', async () => {
    const api = await withMessages();
    const [{ id } = { id: '' }] = (await inbox(api)).messages;
    const asT2 = { 'x-api-key': api.keys.T2 };
    for (const [customer, headers] of [
      ['c2', {}],
      ['c1', asT2],
    ] as const) {
      const path = `/v1/customers/${customer}/inbox`;
      expect((await api.call('GET', path, undefined, headers)).body).toEqual({ messages: [] });
      const marked = await api.call('POST', `${path}/${id}/read`, undefined, headers);
      expect(marked.status).toBe(404);
    }
    expect((await inbox(api)).messages[0]).not.toHaveProperty('read_at');
  });
});
