import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saveCustomer } from '../../../lib/engine/customers/customers.ts';
import { enrol } from '../../../lib/engine/enrolment/enrol.ts';
import { readInstance } from '../../../lib/engine/instances/read-instance.ts';
import { readTimeline } from '../../../lib/engine/instances/read-steps.ts';
import { publish } from '../../../lib/engine/journeys/publish.ts';
import type { Channel } from '../../../lib/ports/channel.ts';
import { engineApart, type Distance } from '../../support/engine-apart.ts';
import { drawGraph } from '../../support/graphs.ts';
import { countScenario } from '../../support/scenario-count.ts';

const minuteMs = 60_000;

interface Sent {
  readonly status: string;
  readonly mail: string | undefined;
  /** The keys with which the provider was called. */
  readonly keys: readonly string[];
  readonly tookMs: number;
}

/** What becomes of a customer who is sent a mail by a provider that does not answer, or only the second time. */
async function send(
  { idempotent }: Pick<Channel, 'idempotent'>,
  distance: Distance,
): Promise<Sent> {
  const calls: string[] = [];
  const email: Channel = {
    idempotent,
    send: ({ key }) => {
      calls.push(key);
      return calls.length === 1
        ? new Promise(() => undefined)
        : Promise.resolve({ kind: 'accepted', providerMessageId: 'm1' });
    },
  };
  const engine = engineApart({ ...distance, email });
  const { ctx } = engine;
  const graph = drawGraph(
    {
      in: ['event_entry', { event_type: 'go' }],
      mail: ['send_email', { subject: 'Hello', body: 'Hello!' }],
      out: ['exit'],
    },
    ['in -> mail', 'mail -> out'],
  );
  const J = { tenant: 'T1', journey: 'J' };
  await saveCustomer(ctx, { tenant: 'T1', customer: 'c1', email: 'c1@example.com' });
  await publish(ctx, { ...J, graph });
  const { instance: id } = await enrol(ctx, { ...J, customer: 'c1' });
  await engine.advance(10 * minuteMs);
  const instance = await readInstance(ctx, { tenant: 'T1', instance: id });
  const steps = await readTimeline(ctx, instance);
  return {
    status: instance.status,
    mail: steps.find(({ node }) => node === 'mail')?.send?.status,
    keys: calls.map((key) => key.replace(id, 'id')),
    tookMs: (instance.completedAt ?? Infinity) - instance.enteredAt,
  };
}

/** The first function that runs the mail is no more after so long. */
function firstDiesAfter(ms: number): NonNullable<Distance['diesAfterMs']> {
  let isFirst = true;
  return ({ node }) => {
    if (node !== 'mail' || !isFirst) return undefined;
    isFirst = false;
    return ms;
  };
}

describe('a function that ends while its provider is being called', () => {
  it('for every moment and every course of the retries, leaves a message that is unknown, is not sent again and holds nobody up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 25_000 }),
        fc.integer({ min: 1, max: 100_000 }),
        async (ms, seed) => {
          const sent = await send({ idempotent: false }, { seed, diesAfterMs: firstDiesAfter(ms) });
          expect(sent).toMatchObject({
            status: 'completed',
            mail: 'unknown',
            keys: ['T1/id/mail'],
          });
          // The lease of a minute, and the longest pause between two retries.
          expect(sent.tookMs).toBeGreaterThanOrEqual(minuteMs);
          expect(sent.tookMs).toBeLessThanOrEqual(4 * minuteMs);
          countScenario('functions that die while sending', { ms, seed });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('is followed by another call with the same key where the provider itself notices repetitions', async () => {
    const sent = await send({ idempotent: true }, { diesAfterMs: firstDiesAfter(5_000) });
    expect(sent).toMatchObject({
      status: 'completed',
      mail: 'sent',
      keys: ['T1/id/mail', 'T1/id/mail'],
    });
  });

  it('again and again fails the instance: somebody has to look', async () => {
    const diesAfterMs: Distance['diesAfterMs'] = ({ node }) => (node === 'mail' ? 10 : undefined);
    const sent = await send({ idempotent: false }, { diesAfterMs });
    expect(sent).toMatchObject({ status: 'failed', keys: ['T1/id/mail'] });
  });
});
