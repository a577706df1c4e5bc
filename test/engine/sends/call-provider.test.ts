import { describe, expect, it } from 'vitest';
import { callProvider, type CallAnswer } from '../../../lib/engine/sends/call-provider.ts';
import type { Channel, OutgoingMessage } from '../../../lib/ports/channel.ts';
import { apiHarness, type ApiHarness } from '../../support/api-harness.ts';

const message: OutgoingMessage = {
  key: 'T1/i1/n1',
  tenant: 'T1',
  customer: 'c1',
  journey: 'J',
  instance: 'i1',
  node: 'n1',
  channel: 'email',
  to: 'c1@example.com',
  body: 'Hello',
};

const channelThat = (send: Channel['send']): Channel => ({ idempotent: false, send });
const failing = channelThat(() => Promise.resolve({ kind: 'transient', reason: 'busy' }));

async function tenTimes(api: ApiHarness, changes: Partial<OutgoingMessage> = {}): Promise<void> {
  for (let time = 0; time < 10; time++) {
    await callProvider(api.ctx, { name: 'p', channel: failing }, { ...message, ...changes });
  }
}

async function call(api: ApiHarness, changes: Partial<OutgoingMessage> = {}): Promise<CallAnswer> {
  const provider = { name: 'p', channel: failing };
  return callProvider(api.ctx, provider, { ...message, ...changes });
}

describe('callProvider', () => {
  it('takes a call that breaks off, and one that never ends, for unknown', async () => {
    const api = await apiHarness();
    const breaking = channelThat(() => Promise.reject(new Error('c1@example.com')));
    expect(await callProvider(api.ctx, { name: 'p', channel: breaking }, message)).toEqual({
      kind: 'unknown',
      reason: 'the call to the provider broke off',
    });
    const silent = channelThat(() => new Promise(() => undefined));
    const answer = callProvider(api.ctx, { name: 'p', channel: silent }, message);
    api.clock.moveTo(api.clock.now() + 30_000);
    expect(await answer).toEqual({
      kind: 'unknown',
      reason: 'the provider did not answer in time',
    });
  });

  it('does not call a provider that keeps failing', async () => {
    const api = await apiHarness();
    await tenTimes(api);
    expect(await call(api)).toEqual({
      kind: 'held',
      reason: 'provider p keeps failing and is not called for a while',
    });
    expect((await call(api, { tenant: 'T2' })).kind).toBe('transient');
  });

  it('does not hold one receiver of webhooks responsible for another', async () => {
    const api = await apiHarness();
    const webhook = { channel: 'webhook', to: 'https://a.example.com/x' };
    await tenTimes(api, webhook);
    expect((await call(api, { ...webhook, to: 'https://a.example.com/y' })).kind).toBe('held');
    expect((await call(api, { ...webhook, to: 'https://b.example.com/x' })).kind).toBe('transient');
  });
});
