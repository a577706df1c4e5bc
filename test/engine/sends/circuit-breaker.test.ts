import { describe, expect, it } from 'vitest';
import {
  circuitBreaker,
  failuresMax,
  sparedMs,
  type CircuitBreaker,
} from '../../../lib/engine/sends/circuit-breaker.ts';
import { virtualClock, type VirtualClock } from '../../../lib/testkit/virtual-clock.ts';
import { drawGraph } from '../../support/graphs.ts';
import { entry, exit, mail, openKit } from '../../support/kit.ts';

const circuit = { tenant: 'T1', channel: 'email', provider: 'ses' };

function broken(): { breaker: CircuitBreaker; clock: VirtualClock } {
  const clock = virtualClock(0);
  const breaker = circuitBreaker(clock);
  for (let time = 0; time < failuresMax; time++) {
    expect(breaker.admit(circuit)).toBe(true);
    breaker.tell(circuit, 'failed');
  }
  return { breaker, clock };
}

describe('circuitBreaker', () => {
  it('spares a provider after ten failures in a row, for thirty seconds', () => {
    expect([failuresMax, sparedMs]).toEqual([10, 30_000]);
    const { breaker, clock } = broken();
    expect(breaker.admit(circuit)).toBe(false);
    clock.moveTo(29_999);
    expect(breaker.admit(circuit)).toBe(false);
    clock.moveTo(30_000);
    expect(breaker.admit(circuit)).toBe(true);
  });

  it('begins to count anew with every answer', () => {
    const breaker = circuitBreaker(virtualClock(0));
    for (let time = 0; time < 50; time++) {
      breaker.tell(circuit, time % 10 === 9 ? 'answered' : 'failed');
    }
    expect(breaker.admit(circuit)).toBe(true);
  });

  it('lets one caller try when the time is over, and the others wait', () => {
    const { breaker, clock } = broken();
    clock.moveTo(sparedMs);
    expect([1, 2, 3].map(() => breaker.admit(circuit))).toEqual([true, false, false]);
  });

  it('closes when the try is answered', () => {
    const { breaker, clock } = broken();
    clock.moveTo(sparedMs);
    breaker.admit(circuit);
    breaker.tell(circuit, 'answered');
    expect([1, 2, 3].map(() => breaker.admit(circuit))).toEqual([true, true, true]);
    breaker.tell(circuit, 'failed');
    expect(breaker.admit(circuit)).toBe(true);
  });

  it('spares the provider again when the try fails', () => {
    const { breaker, clock } = broken();
    clock.moveTo(sparedMs);
    breaker.admit(circuit);
    breaker.tell(circuit, 'failed');
    clock.moveTo(2 * sparedMs - 1);
    expect(breaker.admit(circuit)).toBe(false);
    clock.moveTo(2 * sparedMs);
    expect([1, 2].map(() => breaker.admit(circuit))).toEqual([true, false]);
  });

  it.each([
    { ...circuit, tenant: 'T2' },
    { ...circuit, channel: 'sms' },
    { ...circuit, provider: 'smtp' },
  ])('leaves other circuits alone: %j', (other) => {
    expect(broken().breaker.admit(other)).toBe(true);
  });
});

describe('a provider that keeps failing', () => {
  it('is not called for a while by this tenant, is called by others, and gets every message in the end', async () => {
    const kit = await openKit();
    const graph = drawGraph({ in: entry, m: mail, out: exit }, ['in -> m', 'm -> out']);
    const customers = Array.from({ length: 10 }, (_, at) => `c${at}`);
    for (const tenant of ['T1', 'T2']) {
      await kit.publish({ tenant, journey: 'J', graph });
      for (const id of [...customers, 'late']) {
        await kit.customer({ tenant, id, email: `${id}@example.com` });
      }
    }
    kit.channel('email').next('transient', 10);
    for (const id of customers) await kit.event({ tenant: 'T1', customer: id, type: 'go' });
    await kit.settle();

    await kit.event({ tenant: 'T1', customer: 'late', type: 'go' });
    await kit.event({ tenant: 'T2', customer: 'late', type: 'go' });
    await kit.settle();
    expect(kit.sends().map(({ tenant }) => tenant)).toEqual(['T2']);
    const [held = ''] = await kit.instances({ tenant: 'T1', customer: 'late' });
    expect((await kit.steps(held))[1]?.status).toBe('retrying');

    await kit.advance('29s');
    expect(kit.sends({ tenant: 'T1' })).toEqual([]);
    await kit.advance('10m');
    expect(new Set(kit.sends({ tenant: 'T1' }).map(({ customer }) => customer))).toEqual(
      new Set([...customers, 'late']),
    );
    expect(kit.sends({ tenant: 'T1' })).toHaveLength(11);
  });

  it('is waited for an hour, and then the journey goes on without the message', async () => {
    const kit = await openKit();
    const graph = drawGraph({ in: entry, m: mail, out: exit }, ['in -> m', 'm -> out']);
    await kit.publish({ tenant: 'T1', journey: 'J', graph });
    const customers = Array.from({ length: 40 }, (_, at) => `c${at}`);
    kit.channel('email').next('transient', 100_000);
    for (const id of customers) {
      await kit.customer({ tenant: 'T1', id, email: `${id}@example.com` });
      await kit.event({ tenant: 'T1', customer: id, type: 'go' });
    }
    await kit.advance('3h');
    const ids = await kit.instances({ tenant: 'T1' });
    const statuses = await Promise.all(ids.map(async (id) => (await kit.instance(id)).status));
    expect(new Set(statuses)).toEqual(new Set(['completed']));
    const deliveries = (await Promise.all(ids.map((id) => kit.deliveries(id)))).flat();
    expect(new Set(deliveries.map(({ status }) => status))).toEqual(new Set(['failed']));
    const notes = (await Promise.all(ids.map((id) => kit.steps(id)))).map(
      (steps) => steps[1]?.notes[0] ?? '',
    );
    expect(
      notes.filter((note) => note.includes('is not called for a while')).length,
    ).toBeGreaterThan(0);
    expect(notes.every((note) => note.startsWith('not delivered: given up'))).toBe(true);
  });
});
