/** A webhook's path belongs to one journey of a tenant at a time. */
import { describe, expect, it } from 'vitest';
import type { Testkit } from '../../../lib/testkit/testkit.ts';
import { openKit } from '../../support/kit.ts';
import { drawGraph } from '../../support/graphs.ts';

const graph = (path: string) =>
  drawGraph({ in: ['webhook_entry', { webhook_path: path }], out: ['exit'] }, ['in -> out']);

const publish = (kit: Testkit, journey: string, path: string, tenant = 'T1') =>
  kit.publish({ tenant, journey, graph: graph(path) });

const taken = {
  code: 'journey.invalid',
  problems: [
    {
      code: 'graph.webhook_path_taken',
      node: 'in',
      message: 'node "in" has the webhook path "/b", which belongs to journey "J"',
      hint: 'Choose another path: each belongs to one journey.',
    },
  ],
};

describe('a path', () => {
  it('that another journey answers at is refused', async () => {
    const kit = await openKit();
    await publish(kit, 'J', '/b');
    await expect(publish(kit, 'K', '/b')).rejects.toMatchObject(taken);
    await publish(kit, 'K', '/c');
  });

  it('of another tenant is free', async () => {
    const kit = await openKit();
    await publish(kit, 'J', '/b');
    await publish(kit, 'K', '/b', 'T2');
  });

  it('stays with its journey from version to version', async () => {
    const kit = await openKit();
    await publish(kit, 'J', '/b');
    expect(await publish(kit, 'J', '/b')).toMatchObject({ version: 2 });
  });

  it('is free again when its journey has it no more', async () => {
    const kit = await openKit();
    await publish(kit, 'J', '/b');
    await publish(kit, 'J', '/c');
    await publish(kit, 'K', '/b');
    await expect(publish(kit, 'J', '/b')).rejects.toMatchObject({ code: 'journey.invalid' });
  });

  it('is held while its journey is paused, and free when it is archived', async () => {
    const kit = await openKit();
    await publish(kit, 'J', '/b');
    await kit.pauseJourney({ tenant: 'T1', journey: 'J' });
    await expect(publish(kit, 'K', '/b')).rejects.toMatchObject(taken);
    await kit.archiveJourney({ tenant: 'T1', journey: 'J' });
    await publish(kit, 'K', '/b');
  });

  it('goes to one of two journeys that are published at once', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const kit = await openKit({ seed });
      const answers = await Promise.allSettled([publish(kit, 'J', '/b'), publish(kit, 'K', '/b')]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    }
  });
});
