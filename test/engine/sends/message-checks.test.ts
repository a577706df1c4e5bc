import { describe, expect, it } from 'vitest';
import { apiHarness, type ApiHarness } from '../../support/api-harness.ts';
import { drawGraph } from '../../support/graphs.ts';
import { entry, exit } from '../../support/kit.ts';

async function publish(
  api: ApiHarness,
  config: Record<string, unknown>,
  type = 'send_email',
): Promise<{ status: number; problems: { code: string; message: string; node: string }[] }> {
  const graph = drawGraph({ in: entry, m: [type, config], out: exit }, ['in -> m', 'm -> out']);
  const { status, body } = await api.call('POST', '/v1/journeys/J/publish', { graph });
  return { status, problems: body.error?.problems ?? [] };
}

describe('publishing a journey with messages', () => {
  it('takes a template that is for the channel of the node, or for any', async () => {
    const api = await apiHarness();
    await api.call('PUT', '/v1/templates/mail', { channel: 'email', subject: 's', body: 'b' });
    await api.call('PUT', '/v1/templates/any', { subject: 's', body: 'b' });
    expect((await publish(api, { template_id: 'mail' })).status).toBe(201);
    expect((await publish(api, { template_id: 'any', provider: 'outbox' })).status).toBe(201);
    expect((await publish(api, { template_id: 'any' }, 'send_in_app')).status).toBe(201);
  });

  it('tells everything at once: the template, its channel, the provider', async () => {
    const api = await apiHarness();
    await api.call('PUT', '/v1/templates/text', { channel: 'sms', body: 'b' });
    const wrongChannel = await publish(api, { template_id: 'text', provider: 'pigeon' });
    expect(wrongChannel.status).toBe(422);
    expect(wrongChannel.problems).toEqual([
      {
        code: 'graph.provider_unknown',
        node: 'm',
        message: 'node "m" sends by provider "pigeon", which channel email does not have',
        hint: 'Set the provider up, or name one that is there.',
      },
      {
        code: 'graph.template_channel',
        node: 'm',
        message: 'node "m" sends by channel email, but template "text" is for sms',
        hint: 'Use a template for email, or one for no channel in particular.',
      },
    ]);
    const nothingThere = await publish(api, { template_id: 'gone' }, 'send_whatsapp');
    expect(nothingThere.problems.map(({ message }) => message)).toEqual([
      'node "m" sends by channel whatsapp, which has no provider',
      'node "m" uses template "gone", which does not exist',
    ]);
    expect((await api.call('GET', '/v1/journeys/J')).status).toBe(404);
  });
});
