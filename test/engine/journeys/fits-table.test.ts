import { describe, expect, it } from 'vitest';
import { registerVersions } from '../../../lib/engine/journeys/register-versions.ts';
import { KalciferError } from '../../../lib/kalcifer-error.ts';
import { apiHarness, type ApiHarness } from '../../support/api-harness.ts';
import { simpleJourney, waitJourney } from '../../support/graphs.ts';

const code = 'journey.too_large';
const message =
  'The graph of journey "J" is too large to be kept. What takes most room are texts and pictures in messages: keep them as templates, or on the web.';

/** A table whose rows hold no graph. */
async function crampedHarness(): Promise<ApiHarness> {
  const harness = await apiHarness();
  const tooLarge = new KalciferError('table.misuse', 'Item size has exceeded the maximum');
  Object.assign(harness.table, { write: () => Promise.reject(tooLarge) });
  return harness;
}

describe('a graph that no row of the table can take', () => {
  it('is refused with the reason when it is published or kept as a draft', async () => {
    const harness = await crampedHarness();
    const body = { graph: simpleJourney() };
    for (const [method, verb] of [
      ['PUT', 'draft'],
      ['POST', 'publish'],
    ] as const) {
      const answer = await harness.call(method, `/v1/journeys/J/${verb}`, body);
      expect(answer).toMatchObject({ status: 413, body: { error: { code, message } } });
    }
    expect(harness.reported).toEqual([]);
  });

  it('is refused with the reason when a deployment brings it', async () => {
    const { ctx } = await crampedHarness();
    const versions = [
      { journey: 'J', version: 1, graph: simpleJourney(), machineArn: 'arn:1' },
      { journey: 'J', version: 2, graph: waitJourney(), machineArn: 'arn:2' },
    ];
    const registering = registerVersions(ctx, { tenants: ['T1'], versions });
    await expect(registering).rejects.toMatchObject({ code, message });
  });
});
