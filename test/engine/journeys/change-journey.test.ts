import { describe, expect, it } from 'vitest';
import {
  changeLiveInstances,
  pauseInstances,
  resumeInstances,
} from '../../../lib/engine/instances/change-instances.ts';
import {
  archiveJourney,
  deleteJourney,
  pauseJourney,
} from '../../../lib/engine/journeys/change-journey.ts';
import { readJourney, saveDraft } from '../../../lib/engine/journeys/journeys.ts';
import { apiHarness } from '../../support/api-harness.ts';
import { simpleEmailJourney, waitJourney } from '../../support/graphs.ts';
import { openKit } from '../../support/kit.ts';

const J = { tenant: 'T1', journey: 'J' };
const nothing = { waits: 0, timers: 0, locks: 0, tokens: 0 };
const signUp = { tenant: 'T1', customer: 'c1', type: 'signed_up' };

describe('a paused journey', () => {
  it('refuses enrolments and passes events over; whoever is in it goes on', async () => {
    const kit = await openKit();
    await kit.publish({ ...J, graph: waitJourney() });
    const [inside = ''] = (await kit.event(signUp)).enrolled;
    await kit.settle();
    await kit.pauseJourney(J);
    await expect(kit.enroll({ ...J, customer: 'c2' })).rejects.toMatchObject({
      code: 'journey.not_active',
    });
    expect(await kit.event({ ...signUp, customer: 'c2' })).toEqual({ routed: 0, enrolled: [] });
    await kit.advance('1d');
    expect((await kit.instance(inside)).status).toBe('completed');

    await kit.resumeJourney(J);
    expect((await kit.event({ ...signUp, customer: 'c2' })).enrolled).toHaveLength(1);
    expect(await kit.enroll({ ...J, customer: 'c3' })).toHaveProperty('instance');
  });

  it('stays paused when a version is published, and opens on that version', async () => {
    const kit = await openKit();
    await kit.publish({ ...J, graph: waitJourney() });
    await kit.pauseJourney(J);
    const { nodes, edges } = waitJourney();
    const graph = {
      nodes: nodes.map((node) =>
        node.id === 'entry_1' ? { ...node, config: { event_type: 'came_back' } } : node,
      ),
      edges,
    };
    expect(await kit.publish({ ...J, graph })).toMatchObject({ version: 2 });
    expect((await kit.event({ ...signUp, type: 'came_back' })).enrolled).toEqual([]);
    await kit.resumeJourney(J);
    expect((await kit.event(signUp)).enrolled).toEqual([]);
    expect((await kit.event({ ...signUp, type: 'came_back' })).enrolled).toHaveLength(1);
  });

  it('refuses what its status does not allow, and changes nothing', async () => {
    const kit = await openKit();
    await expect(kit.pauseJourney(J)).rejects.toMatchObject({ code: 'journey.unknown' });
    await kit.publish({ ...J, graph: waitJourney() });
    const refused = { code: 'journey.invalid_transition' };
    await expect(kit.resumeJourney(J)).rejects.toMatchObject(refused);
    await kit.pauseJourney(J);
    await expect(kit.pauseJourney(J)).rejects.toMatchObject({
      ...refused,
      message: 'Journey "J" is paused: it cannot be paused.',
    });
    await kit.archiveJourney(J);
    for (const command of ['pauseJourney', 'resumeJourney', 'archiveJourney'] as const) {
      await expect(kit[command](J)).rejects.toMatchObject(refused);
    }
    await expect(kit.publish({ ...J, graph: waitJourney() })).rejects.toMatchObject({
      code: 'journey.archived',
    });
  });
});

describe('an archived journey', () => {
  it('lets whoever is in it go on to the end', async () => {
    const kit = await openKit();
    await kit.publish({ ...J, graph: waitJourney() });
    const { instance } = await kit.enroll({ ...J, customer: 'c1' });
    await kit.settle();
    expect(await kit.archiveJourney(J)).toEqual({ exited: 0 });
    expect((await kit.event({ ...signUp, customer: 'c2' })).enrolled).toEqual([]);
    await kit.advance('1d');
    expect((await kit.instance(instance)).status).toBe('completed');
  });

  it('takes everybody out when told to, paused or not, at once or later', async () => {
    const kit = await openKit();
    await kit.publish({ ...J, graph: simpleEmailJourney() });
    const ids: string[] = [];
    for (let n = 0; n < 120; n++) {
      ids.push((await kit.enroll({ ...J, customer: `c${n}` })).instance);
      if (n === 60) await kit.settle();
    }
    const [first = '', second = ''] = ids;
    await kit.pause(first);
    await kit.event({ tenant: 'T1', customer: 'c1', type: 'email_opened' });
    await kit.settle();
    await kit.archiveJourney(J);
    expect(await kit.archiveJourney({ ...J, exitInstances: true })).toEqual({ exited: 119 });
    expect(await kit.archiveJourney({ ...J, exitInstances: true })).toEqual({ exited: 0 });
    await kit.advance('10d');
    expect((await kit.instance(second)).status).toBe('completed');
    for (const id of ids.filter((one) => one !== second)) {
      expect(await kit.instance(id)).toMatchObject({
        status: 'exited',
        exitReason: 'journey_archived',
      });
    }
    expect(await kit.leftovers()).toEqual(nothing);
  });
});

describe('everybody in a journey', () => {
  it('is paused and resumed; who cannot be is counted', async () => {
    const h = await apiHarness();
    const { ctx } = h;
    await saveDraft(ctx, { ...J, graph: waitJourney() as never });
    await expect(pauseInstances(ctx, { ...J, journey: 'K' })).rejects.toMatchObject({
      code: 'journey.unknown',
    });
    await h.call('POST', '/v1/journeys/J/publish', {});
    for (let n = 0; n < 60; n++) {
      await h.call('POST', '/v1/journeys/J/instances', { customer_id: `c${n}` });
    }
    await h.settle();
    expect(await pauseInstances(ctx, J)).toEqual({ changed: 60, skipped: 0 });
    expect(await pauseInstances(ctx, J)).toEqual({ changed: 0, skipped: 60 });
    expect(await resumeInstances(ctx, J)).toEqual({ changed: 60, skipped: 0 });
    const broken = changeLiveInstances(ctx, J, () => Promise.reject(new Error('away')));
    await expect(broken).rejects.toThrow('away');
  });
});

describe('a draft', () => {
  it('is deleted with its graph; it can be neither paused nor archived', async () => {
    const { ctx } = await apiHarness();
    await saveDraft(ctx, { ...J, graph: { nodes: [], edges: [] } });
    const refused = { code: 'journey.invalid_transition' };
    await expect(pauseJourney(ctx, J)).rejects.toMatchObject(refused);
    await expect(archiveJourney(ctx, J)).rejects.toMatchObject(refused);
    await deleteJourney(ctx, J);
    await expect(readJourney(ctx, J)).rejects.toMatchObject({ code: 'journey.unknown' });
    expect(await saveDraft(ctx, { ...J, graph: waitJourney() as never })).toMatchObject({
      version: 1,
    });
  });
});
