/** Webhooks as journeys live them: called once per key, repeated until taken, with the answer at hand afterwards. */
import { describe, expect, it } from 'vitest';
import type { ScriptedAnswer, Testkit } from '../../../lib/testkit/testkit.ts';
import { openKit, enrolled, entry, exit } from '../../support/kit.ts';
import { drawGraph } from '../../support/graphs.ts';

const url = 'https://crm.example.com/leads';
const edges = ['in -> hook', 'hook -> out'];

function journey(config: Record<string, unknown> = {}): Parameters<typeof drawGraph>[0] {
  return { in: entry, hook: ['call_webhook', { url, ...config }], out: exit };
}

async function called(
  kit: Testkit,
  answers: readonly ScriptedAnswer[],
  config = {},
): Promise<string> {
  for (const answer of answers) kit.channel('webhook').next(answer);
  return enrolled(kit, journey(config), edges);
}

const hook = async (kit: Testkit, id: string) =>
  (await kit.steps(id)).find(({ node }) => node === 'hook');

describe('a webhook', () => {
  it('is called once, and the journey goes on', async () => {
    const kit = await openKit();
    const id = await called(kit, []);
    expect(kit.sends()).toMatchObject([
      { channel: 'webhook', to: url, customer: 'c1', key: `T1/${id}/hook` },
    ]);
    expect(await kit.deliveries(id)).toEqual([
      { node: 'hook', channel: 'webhook', status: 'sent' },
    ]);
    expect((await kit.instance(id)).status).toBe('completed');
  });

  it('gives its answer to the nodes after it', async () => {
    const kit = await openKit();
    kit.channel('webhook').next({ status: 200, body: { score: 7 } });
    const id = await enrolled(
      kit,
      {
        ...journey(),
        high: ['condition', { field: 'accumulated.hook.body.score', op: 'gt', value: 5 }],
        yes: ['exit'],
      },
      ['in -> hook', 'hook -> high', 'high -> yes [true]', 'high -> out [false]'],
    );
    expect((await kit.steps(id)).map(({ node }) => node)).toEqual(['in', 'hook', 'high', 'yes']);
    expect((await kit.instance(id)).accumulated.hook).toEqual({
      status: 'sent',
      http_status: 200,
      body: { score: 7 },
    });
  });

  it.each<[string, ScriptedAnswer]>([
    ['408', { status: 408 }],
    ['425', { status: 425 }],
    ['429', { status: 429 }],
    ['503', { status: 503 }],
    ['nothing at all', 'hang'],
    ['a broken connection', 'transient'],
    ['an answer that is lost', 'accept_then_lose_answer'],
  ])('is called again with the same key after %s', async (_, answer) => {
    const kit = await openKit();
    const id = await called(kit, [answer, answer]);
    expect((await kit.instance(id)).status).toBe('running');
    await kit.advance('10m');
    expect(await hook(kit, id)).toMatchObject({ status: 'completed', result: { status: 'sent' } });
    expect(kit.sends()).toMatchObject([{ key: `T1/${id}/hook` }]);
  });

  it('is given up when the retries of the machine are used up, and the journey goes on', async () => {
    const kit = await openKit();
    kit.channel('webhook').next({ status: 500 }, 20);
    const id = await called(kit, []);
    await kit.advance('1h');
    expect(await hook(kit, id)).toMatchObject({
      status: 'completed',
      result: { status: 'failed', detail: 'given up after 9 attempts: the receiver answered 500' },
    });
    expect(kit.sends()).toEqual([]);
    expect((await kit.instance(id)).status).toBe('completed');
  });

  it('is not called again after a refusal, whose answer is on record', async () => {
    const kit = await openKit();
    const id = await called(kit, [{ status: 404, body: { error: 'no such list' } }]);
    expect(await hook(kit, id)).toMatchObject({
      status: 'completed',
      result: {
        status: 'failed',
        detail: 'the receiver answered 404',
        http_status: 404,
        body: { error: 'no such list' },
      },
    });
    await kit.advance('1h');
    expect(kit.sends()).toEqual([]);
  });

  it('fails the instance on a refusal when it is drawn so', async () => {
    const kit = await openKit();
    const id = await called(kit, [{ status: 404 }], { on_failure: 'fail' });
    expect(await kit.instance(id)).toMatchObject({ status: 'failed', exitReason: 'send.failed' });
  });

  it('takes any status that is expected', async () => {
    const kit = await openKit();
    const id = await called(kit, [{ status: 409 }], { expect: [201, 409] });
    expect(await hook(kit, id)).toMatchObject({ result: { status: 'sent', http_status: 409 } });
    const other = await openKit();
    const refused = await called(other, [{ status: 200 }], { expect: 201 });
    expect(await hook(other, refused)).toMatchObject({ result: { status: 'failed' } });
  });

  it.each([
    'provider.call:before',
    'provider.call:after',
    'send.claim:after',
    'step.finish:before',
  ])('is called again with the same key when the process dies at %s', async (point) => {
    const kit = await openKit();
    await kit.publish({ tenant: 'T1', journey: 'J', graph: drawGraph(journey(), edges) });
    const { instance } = await kit.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' });
    kit.killAt(point, point === 'step.finish:before' ? 2 : 1);
    await expect(kit.settle()).rejects.toMatchObject({ code: 'testkit.killed' });
    await kit.restart();
    await kit.advance('5m');
    expect(await hook(kit, instance)).toMatchObject({ result: { status: 'sent' } });
    expect(kit.sends()).toMatchObject([{ key: `T1/${instance}/hook` }]);
  });
});

describe('a webhook that names a secret', () => {
  const config = { headers: { authorization: { secret_ref: 'crm' } } };

  it('cannot be published before the secret is set', async () => {
    const kit = await openKit();
    const publishing = kit.publish({
      tenant: 'T1',
      journey: 'J',
      graph: drawGraph(journey(config), edges),
    });
    await expect(publishing).rejects.toMatchObject({
      code: 'journey.invalid',
      problems: [
        {
          code: 'graph.secret_unknown',
          node: 'hook',
          message: 'node "hook" uses the secret "crm", which is not set',
          hint: 'Set it first: PUT /v1/secrets/crm.',
        },
      ],
    });
  });

  it('hands its channel the name and never the value', async () => {
    const kit = await openKit();
    await kit.secret({ tenant: 'T1', name: 'crm', value: 'not to be told' });
    const id = await called(kit, [], config);
    expect(kit.sends()).toMatchObject([
      { request: { headers: { authorization: { secretRef: 'crm' } } } },
    ]);
    const seen = JSON.stringify([kit.sends(), await kit.steps(id), await kit.instance(id)]);
    expect(seen).not.toContain('not to be told');
  });
});
