import { beforeEach, describe, expect, it } from 'vitest';
import { apiHarness, type ApiHarness } from '../support/api-harness.ts';
import { waitForEventJourney, waitJourney } from '../support/graphs.ts';

let api: ApiHarness;

beforeEach(async () => {
  api = await apiHarness();
});

/** Publishes J, which c1 leaves when she buys, and enrols c1, who waits then. */
async function waiting(): Promise<string> {
  const graph = { ...waitForEventJourney(), exit_criteria: [{ event_type: 'bought' }] };
  await api.call('POST', '/v1/journeys/J/publish', { graph });
  const answer = await api.call('POST', '/v1/journeys/J/instances', { customer_id: 'c1' });
  await api.settle();
  return answer.body.instance as string;
}

describe('an instance over HTTP', () => {
  it('is paused, resumed and told with reasons', async () => {
    const id = await waiting();
    const paused = await api.call('POST', `/v1/instances/${id}/pause`);
    expect([paused.status, paused.body.status]).toEqual([200, 'paused']);
    expect(paused.body.positions).toEqual(['wait_1']);
    const twice = await api.call('POST', `/v1/instances/${id}/pause`);
    expect([twice.status, twice.body.error]).toEqual([
      409,
      {
        code: 'instance.invalid_transition',
        message: 'The instance is paused: it cannot be paused.',
      },
    ]);
    const event = { customer_id: 'c1', type: 'email_opened' };
    expect((await api.call('POST', '/v1/events', event)).body.routed).toBe(1);
    await api.settle();
    expect((await api.call('GET', `/v1/instances/${id}`)).body.status).toBe('paused');

    const resumed = await api.call('POST', `/v1/instances/${id}/resume`);
    expect([resumed.status, resumed.body.status]).toEqual([200, 'running']);
    expect((await api.call('POST', `/v1/instances/${id}/resume`)).status).toBe(409);
    await api.settle();
    const timeline = await api.call('GET', `/v1/instances/${id}/timeline`);
    expect(timeline.body.instance.status).toBe('completed');
    const at = '2026-01-01T00:00:00.000Z';
    expect(timeline.body.interventions).toEqual([
      { kind: 'paused', at, note: 'an operator paused the instance' },
      {
        kind: 'held',
        at,
        note: 'the event email_opened came; it takes effect when the instance is resumed',
      },
      { kind: 'resumed', at, note: 'an operator resumed the instance' },
    ]);
  });

  it('tells why a customer was taken out', async () => {
    const id = await waiting();
    await api.call('POST', '/v1/events', { customer_id: 'c1', type: 'bought' });
    const timeline = await api.call('GET', `/v1/instances/${id}/timeline`);
    expect(timeline.body.instance).toMatchObject({
      status: 'exited',
      exit_reason: 'exit_criteria',
    });
    expect(timeline.body.interventions).toMatchObject([
      { kind: 'exited', note: 'the event bought came' },
    ]);
    for (const command of ['pause', 'resume', 'cancel']) {
      expect((await api.call('POST', `/v1/instances/${id}/${command}`)).status).toBe(409);
    }
  });

  it('of another tenant, or of nobody, cannot be told to do anything', async () => {
    const id = await waiting();
    for (const command of ['pause', 'resume', 'cancel']) {
      const foreign = { 'x-api-key': api.keys.T2 };
      const answers = [
        await api.call('POST', `/v1/instances/${id}/${command}`, undefined, foreign),
        await api.call('POST', `/v1/instances/none/${command}`),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    }
    expect((await api.call('GET', `/v1/instances/${id}`)).body.status).toBe('waiting');
  });
});

describe('a journey over HTTP', () => {
  it('is paused, resumed and archived', async () => {
    const id = await waiting();
    const paused = await api.call('POST', '/v1/journeys/J/pause');
    expect([paused.status, paused.body.status]).toEqual([200, 'paused']);
    const refused = await api.call('POST', '/v1/journeys/J/instances', { customer_id: 'c2' });
    expect([refused.status, refused.body.error.code]).toEqual([422, 'journey.not_active']);
    const twice = await api.call('POST', '/v1/journeys/J/pause');
    expect([twice.status, twice.body.error.code]).toEqual([422, 'journey.invalid_transition']);
    expect((await api.call('POST', '/v1/journeys/J/resume')).body.status).toBe('active');

    const archived = await api.call('POST', '/v1/journeys/J/archive');
    expect(archived.body).toMatchObject({ journey: { id: 'J', status: 'archived' }, exited: 0 });
    expect((await api.call('GET', `/v1/instances/${id}`)).body.status).toBe('waiting');
    const emptied = await api.call('POST', '/v1/journeys/J/archive?exit_instances=true');
    expect(emptied.body.exited).toBe(1);
    expect((await api.call('GET', `/v1/instances/${id}`)).body).toMatchObject({
      status: 'exited',
      exit_reason: 'journey_archived',
    });
    const misspelt = await api.call('POST', '/v1/journeys/J/archive?exit=true');
    expect(misspelt.status).toBe(400);
  });

  it('pauses and resumes everybody in it', async () => {
    await waiting();
    expect((await api.call('POST', '/v1/journeys/J/instances/pause')).body).toEqual({
      changed: 1,
      skipped: 0,
    });
    expect((await api.call('POST', '/v1/journeys/J/instances/resume')).body).toEqual({
      changed: 1,
      skipped: 0,
    });
    expect((await api.call('POST', '/v1/journeys/K/instances/pause')).status).toBe(404);
  });

  it('is deleted only while it is a draft', async () => {
    await api.call('PUT', '/v1/journeys/D/draft', { graph: waitJourney() });
    expect((await api.call('POST', '/v1/journeys/D/archive')).status).toBe(422);
    expect((await api.call('DELETE', '/v1/journeys/D')).body).toMatchObject({ id: 'D' });
    expect((await api.call('DELETE', '/v1/journeys/D')).status).toBe(404);
    await waiting();
    const refused = await api.call('DELETE', '/v1/journeys/J');
    expect([refused.status, refused.body.error.message]).toEqual([
      422,
      'Journey "J" is active: it cannot be deleted.',
    ]);
    for (const [method, command] of [
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['POST', '/archive'],
      ['DELETE', ''],
    ] as const) {
      const foreign = { 'x-api-key': api.keys.T2 };
      const answer = await api.call(method, `/v1/journeys/J${command}`, undefined, foreign);
      expect(answer.status).toBe(404);
    }
  });
});
