/** The oldest instance is the one that was enrolled first, also when the clock stood still in between. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestkit } from '../../lib/testkit/testkit.ts';
import { simpleJourney } from '../support/graphs.ts';
import { openKit } from '../support/kit.ts';

const tenant = 'T1';
const journey = 'J';
const customers = Array.from({ length: 10 }, (_, n) => `c${n}`);

describe('instances of one instant', () => {
  it('are listed in the order of their enrolment', async () => {
    const kit = await openKit();
    await kit.publish({ tenant, journey, graph: simpleJourney() });
    const enrolled: string[] = [];
    for (const customer of customers) {
      enrolled.push((await kit.enroll({ tenant, journey, customer })).instance);
    }
    expect(await kit.instances({ tenant, journey })).toEqual(enrolled);
    expect(await kit.instances({ tenant })).toEqual(enrolled);
  });

  it('are listed in the order of the events that created them, also after a death', async () => {
    const kit = await openKit();
    await kit.publish({ tenant, journey, graph: simpleJourney() });
    const enrolled: string[] = [];
    for (const customer of customers) {
      enrolled.push(...(await kit.event({ tenant, customer, type: 'signed_up' })).enrolled);
    }
    await kit.kill();
    await kit.restart();
    expect(await kit.instances({ tenant, journey })).toEqual(enrolled);
  });

  it('of one customer who comes again are listed in the order of coming', async () => {
    const kit = await openKit();
    await kit.publish({ tenant, journey, graph: simpleJourney() });
    const enrolled: string[] = [];
    for (let time = 0; time < 6; time++) {
      const answer = await kit.event({ tenant, customer: 'c1', type: 'signed_up' });
      enrolled.push(...answer.enrolled);
      await kit.settle();
    }
    expect(enrolled).toHaveLength(6);
    expect(await kit.instances({ tenant, journey, customer: 'c1' })).toEqual(enrolled);
  });

  it('of an earlier test kit come first', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'kalcifer-order-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const first = await createTestkit({ dir });
    await first.publish({ tenant, journey, graph: simpleJourney() });
    const before = await first.enroll({ tenant, journey, customer: 'before' });
    await first.close();
    const second = await openKit({ dir, seed: 2 });
    const after = await second.enroll({ tenant, journey, customer: 'after' });
    expect(await second.instances({ tenant, journey })).toEqual([before.instance, after.instance]);
  });
});
