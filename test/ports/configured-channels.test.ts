import { describe, expect, it } from 'vitest';
import type { Channel } from '../../lib/ports/channel.ts';
import { configuredChannels } from '../../lib/ports/configured-channels.ts';

const channel = (): Channel => ({
  idempotent: false,
  send: () => Promise.resolve({ kind: 'transient', reason: 'never called' }),
});
const [ses, outbox] = [channel(), channel()];
const channels = configuredChannels({ email: { ses, outbox }, sms: {} });

describe('configuredChannels', () => {
  it('finds the provider that is named, and else the first', () => {
    expect(channels.find({ channel: 'email', provider: 'outbox' })).toEqual({
      name: 'outbox',
      channel: outbox,
    });
    expect(channels.find({ channel: 'email' })).toEqual({ name: 'ses', channel: ses });
  });

  it.each([
    { channel: 'email', provider: 'smtp' },
    { channel: 'email', provider: 'constructor' },
    { channel: 'sms' },
    { channel: 'push' },
    { channel: 'toString', provider: 'name' },
  ])('finds nothing for %j', (route) => {
    expect(channels.find(route)).toBeUndefined();
  });
});
