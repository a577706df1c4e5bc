import { afterEach, describe, expect, it } from 'vitest';
import { deployedChannels, knownChannels } from '../../lambdas/_shared/deployed-channels.ts';
import { engine } from '../../lambdas/_shared/engine.ts';
import { machineArns } from '../../lambdas/_shared/machine-arns.ts';
import { sendingChannels } from '../../lambdas/_shared/sending-channels.ts';
import { createMemoryTable } from '../../lib/adapters/local/memory-table.ts';
import { setting } from '../../lib/deployment.ts';
import { machineItem } from '../../lib/engine/records/journey.ts';
import { channelNames } from '../../lib/journey/channel-name.ts';
import type { Channel, Channels } from '../../lib/ports/channel.ts';

afterEach(() => {
  for (const name of Object.values(setting)) Reflect.deleteProperty(process.env, name);
});

function set(settings: Partial<Record<keyof typeof setting, string>>): void {
  for (const [name, value] of Object.entries(settings)) {
    process.env[setting[name as keyof typeof setting]] = value;
  }
}

/** `email/ses`, ... */
function providers(channels: Channels | undefined): readonly string[] {
  return channelNames.flatMap((channel) => {
    const provider = channels?.find({ channel });
    return provider === undefined ? [] : [`${channel}/${provider.name}`];
  });
}

const all = [
  'email/ses',
  'sms/end_user_messaging',
  'push/sns',
  'whatsapp/end_user_messaging',
  'in_app/inbox',
  'webhook/https',
];

const everything = {
  mailFrom: 'hello@example.com',
  mailConfigurationSet: 'kalcifer',
  smsOrigination: '+31600000000',
  push: 'on',
  whatsappOrigination: 'phone-number-id-1',
};

describe('the channels of a deployment', () => {
  it('are those that it has settings for, the same where they are made and where they are only known', () => {
    const base = {} as Parameters<typeof knownChannels>[0];
    process.env['AWS_REGION'] = 'eu-west-1';
    expect(providers(knownChannels(base).channels)).toEqual(['in_app/inbox', 'webhook/https']);
    expect(providers(sendingChannels(base).channels)).toEqual(['in_app/inbox', 'webhook/https']);
    set(everything);
    expect(providers(knownChannels(base).channels)).toEqual(all);
    expect(providers(sendingChannels(base).channels)).toEqual(all);
    set({ push: 'off', mailFrom: '' });
    expect(providers(knownChannels(base).channels)).not.toContain('push/sns');
    expect(providers(knownChannels(base).channels)).not.toContain('email/ses');
  });

  it('are made with their settings', () => {
    const made: unknown[] = [];
    const note = (options?: unknown): Channel => {
      made.push(options);
      return { idempotent: true, send: () => Promise.reject(new Error('not here')) };
    };
    set({ ...everything, smsConfigurationSet: 'texts' });
    deployedChannels({
      ses: note,
      endUserMessagingSms: note,
      sns: note,
      endUserMessagingWhatsapp: note,
      inbox: note,
      https: note,
    });
    expect(made).toEqual([
      { from: 'hello@example.com', configurationSet: 'kalcifer' },
      { origination: '+31600000000', configurationSet: 'texts' },
      undefined,
      { origination: 'phone-number-id-1' },
      undefined,
      undefined,
    ]);
  });

  it('send nothing where they are only known', async () => {
    const { channels } = knownChannels({} as Parameters<typeof knownChannels>[0]);
    const answer = await channels?.find({ channel: 'webhook' })?.channel.send({} as never);
    expect(answer).toMatchObject({ kind: 'misconfigured' });
  });
});

describe('the engine of a function', () => {
  it('is made once, when it is first asked for, and needs the name of the table', () => {
    const ctx = engine();
    expect(ctx).toThrow(expect.objectContaining({ code: 'deployment.setting_missing' }));
    set({ table: 'kalcifer-test' });
    process.env['AWS_REGION'] = 'eu-west-1';
    expect(ctx()).toBe(ctx());
    expect(ctx().process.mayBeAlive('another')).toBe(true);
    expect(ctx().templatesMustExist).toBe(true);
  });
});

describe('where state machines are', () => {
  it('is read once for each', async () => {
    const table = createMemoryTable();
    let reads = 0;
    const arnOf = machineArns({
      ...table,
      get: (key) => {
        reads += 1;
        return table.get(key);
      },
    });
    const machine = { tenant: 'T1', journey: 'J', version: 1 };
    await expect(arnOf(machine)).rejects.toMatchObject({ code: 'journey.version_unknown' });
    await table.write({
      name: 'test.machine',
      writes: [{ put: machineItem({ ...machine, arn: 'arn:1' }) }],
    });
    expect(await arnOf(machine)).toBe('arn:1');
    expect(await arnOf(machine)).toBe('arn:1');
    expect(reads).toBe(2);
  });
});
