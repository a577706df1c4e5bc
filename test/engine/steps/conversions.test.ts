import { describe, expect, it } from 'vitest';
import { drawGraph } from '../../support/graphs.ts';
import { enrolled, entry, exit, openKit } from '../../support/kit.ts';

describe('conversions', () => {
  it('are counted on the way and at the goal, each with its node, its worth and its metadata', async () => {
    const kit = await openKit();
    const instance = await enrolled(
      kit,
      {
        in: entry,
        bought: [
          'track_conversion',
          { event_name: 'bought', revenue: 20, metadata: { plan: 'pro' } },
        ],
        passed: ['goal_reached', { goal_name: 'halfway', exit_after_goal: false }],
        won: ['goal_reached', { goal_name: 'won', value: 5 }],
      },
      ['in -> bought', 'bought -> passed', 'passed -> won'],
    );
    expect(await kit.instance(instance)).toMatchObject({ status: 'completed' });
    expect(await kit.conversions({ tenant: 'T1', journey: 'J' })).toEqual([
      {
        name: 'bought',
        value: 20,
        metadata: { plan: 'pro' },
        instance,
        node: 'bought',
        customer: 'c1',
      },
      { name: 'halfway', instance, node: 'passed', customer: 'c1' },
      { name: 'won', value: 5, instance, node: 'won', customer: 'c1' },
    ]);
  });

  it.each(['step.finish:before', 'step.finish:after', 'instance.end:before', 'instance.end:after'])(
    'are counted once when the process dies at %s',
    async (point) => {
      const kit = await openKit();
      const nodes = {
        in: entry,
        bought: ['track_conversion', { event_name: 'bought' }],
        won: ['goal_reached', { goal_name: 'won' }],
      } as const;
      const tenant = 'T1';
      await kit.publish({
        tenant,
        journey: 'J',
        graph: drawGraph(nodes, ['in -> bought', 'bought -> won']),
      });
      await kit.enroll({ tenant, journey: 'J', customer: 'c1' });
      kit.killAt(point, point.startsWith('step') ? 2 : 1);
      await expect(kit.settle()).rejects.toMatchObject({ code: 'testkit.killed' });
      await kit.restart();
      await kit.settle();
      expect((await kit.conversions({ tenant })).map(({ name }) => name)).toEqual([
        'bought',
        'won',
      ]);
    },
  );

  it('goes past the goal that lets the journey go on, and ends at the one that does not', async () => {
    const kit = await openKit();
    const goal = (config: object): ['goal_reached', Record<string, unknown>] => [
      'goal_reached',
      { goal_name: 'g', ...config },
    ];
    const instance = await enrolled(
      kit,
      {
        in: entry,
        g: goal({ exit_after_goal: false }),
        tag: ['add_tag', { tag: 'after' }],
        out: exit,
      },
      ['in -> g', 'g -> tag', 'tag -> out'],
    );
    expect((await kit.steps(instance)).map(({ node }) => node)).toEqual(['in', 'g', 'tag', 'out']);
    const refused = kit.publish({
      tenant: 'T1',
      journey: 'K',
      graph: drawGraph({ in: entry, g: goal({}), out: exit }, ['in -> g', 'g -> out']),
    });
    await expect(refused).rejects.toMatchObject({
      problems: [
        expect.objectContaining({ node: 'g', message: expect.stringContaining('end node') }),
      ],
    });
    const dangling = kit.publish({
      tenant: 'T1',
      journey: 'K',
      graph: drawGraph({ in: entry, g: goal({ exit_after_goal: false }) }, ['in -> g']),
    });
    await expect(dangling).rejects.toMatchObject({ code: 'journey.invalid' });
  });
});
