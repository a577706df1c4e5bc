/** Custom code as journeys live it. */
import { describe, expect, it } from 'vitest';
import { publish } from '../../../lib/engine/journeys/publish.ts';
import { openKit, enrolled, entry, exit } from '../../support/kit.ts';
import { drawGraph } from '../../support/graphs.ts';
import { apiHarness } from '../../support/api-harness.ts';

const edges = ['in -> code', 'code -> out'];

function journey(config: Record<string, unknown>): Parameters<typeof drawGraph>[0] {
  return { in: entry, code: ['custom_code', config], out: exit };
}

describe('custom code', () => {
  it('reads the facts, and gives its result to the nodes after it', async () => {
    const kit = await openKit();
    const id = await enrolled(
      kit,
      {
        ...journey({ source: 'return { address: customer.email, at: new Array(2).length }' }),
        mail: ['send_email', { subject: 'Hi', body: '{{ accumulated.code.address }}' }],
      },
      ['in -> code', 'code -> mail', 'mail -> out'],
    );
    expect((await kit.instance(id)).accumulated.code).toEqual({
      address: 'c1@example.com',
      at: 2,
    });
    expect(kit.sends()).toMatchObject([{ body: 'c1@example.com' }]);
  });

  it('chooses the branch', async () => {
    const kit = await openKit();
    const id = await enrolled(
      kit,
      {
        ...journey({
          source: 'return { branch: customer.id === "c1" ? "known" : "other", result: 5 }',
          branches: ['known', 'other'],
        }),
        end: ['exit'],
      },
      ['in -> code', 'code -> end [known]', 'code -> out [other]'],
    );
    expect(await kit.steps(id)).toMatchObject([
      { node: 'in' },
      { node: 'code', branch: 'known', result: { value: 5 } },
      { node: 'end' },
    ]);
  });

  it("knows the journey's time and no other", async () => {
    const kit = await openKit({ start: '2026-05-01T00:00:00Z' });
    const id = await enrolled(kit, journey({ source: 'return { now }' }), edges);
    expect((await kit.instance(id)).accumulated.code).toEqual({ now: Date.UTC(2026, 4, 1) });
  });

  it.each([
    ['throws', 'throw new Error("no")', 'code.threw'],
    ['never ends', 'for (;;) {}', 'code.timed_out'],
    ['gives a promise', 'return Promise.resolve(1)', 'code.asynchronous'],
  ])('that %s fails its instance and no other', async (_, source, code) => {
    const kit = await openKit();
    const id = await enrolled(
      kit,
      journey({ source: `if (customer.id === "c1") { ${source} }` }),
      edges,
    );
    expect(await kit.instance(id)).toMatchObject({ status: 'failed', exitReason: code });
    const { instance } = await kit.enroll({ tenant: 'T1', journey: 'J', customer: 'c2' });
    await kit.settle();
    expect(await kit.instance(instance)).toMatchObject({ status: 'completed' });
  });

  it('is run again when the process dies before its result is stored', async () => {
    const kit = await openKit();
    await kit.publish({
      tenant: 'T1',
      journey: 'J',
      graph: drawGraph(journey({ source: 'return 1' }), edges),
    });
    const { instance } = await kit.enroll({ tenant: 'T1', journey: 'J', customer: 'c1' });
    kit.killAt('step.finish:before', 2);
    await expect(kit.settle()).rejects.toMatchObject({ code: 'testkit.killed' });
    await kit.restart();
    await kit.advance('5m');
    expect(await kit.instance(instance)).toMatchObject({
      status: 'completed',
      accumulated: { code: { value: 1 } },
    });
  });

  it('that cannot be read is refused with its line', async () => {
    const kit = await openKit();
    const graph = drawGraph(journey({ source: 'const a = 1;\nreturn a +;' }), edges);
    await expect(kit.publish({ tenant: 'T1', journey: 'J', graph })).rejects.toMatchObject({
      code: 'journey.invalid',
      problems: [
        {
          code: 'graph.code_syntax',
          node: 'code',
          path: 'nodes[1].config.source',
          message:
            'the code of node "code" cannot be read: line 2: unexpected token in expression: \';\'',
        },
      ],
    });
  });
});

describe('where custom code is switched off', () => {
  it('it is refused when published', async () => {
    const api = await apiHarness();
    const graph = drawGraph(journey({ source: 'return 1' }), edges);
    const { status, body } = await api.call('POST', '/v1/journeys/J/publish', { graph });
    expect(status).toBe(422);
    expect(body.error.problems).toEqual([
      {
        code: 'graph.code_disabled',
        node: 'code',
        message: 'node "code" runs custom code, which is switched off here',
        hint: 'Say it with other nodes, or have custom code switched on.',
      },
    ]);
  });

  it('a journey that was published before fails where it reaches the code', async () => {
    const api = await apiHarness();
    const code = {
      check: () => Promise.resolve(undefined),
      run: () => Promise.reject(new Error('it is not run')),
    };
    const graph = drawGraph(journey({ source: 'return 1' }), edges);
    await publish({ ...api.ctx, code }, { tenant: 'T1', journey: 'J', graph });
    const { body } = await api.call('POST', '/v1/journeys/J/instances', { customer_id: 'c1' });
    await api.settle();
    expect((await api.call('GET', `/v1/instances/${body.instance}`)).body).toMatchObject({
      status: 'failed',
      exit_reason: 'code.disabled',
    });
  });
});
