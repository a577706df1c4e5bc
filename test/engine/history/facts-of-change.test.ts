import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOfChange } from '../../../lib/engine/history/facts-of-change.ts';
import { reportItem, type ReportedStatus } from '../../../lib/engine/records/delivery-report.ts';
import { instanceItem } from '../../../lib/engine/records/instance.ts';
import { stepItem } from '../../../lib/engine/records/step.ts';
import type { Item } from '../../../lib/ports/table.ts';
import { aDelivery, anInstance, aStep } from '../../support/factories.ts';

const tenant = 'acme';
const start = Date.parse('2026-01-01T00:00:00Z');

const instance = anInstance({ tenant, id: 'i-1', customer: 'c1', journey: 'welcome' });
const waiting = aStep({
  tenant,
  instance: 'i-1',
  node: 'wait_1',
  status: 'waiting',
  startedAt: start,
});

function report(status: ReportedStatus): Item {
  return reportItem({ tenant, instance: 'i-1', node: 'mail', status, reportedAt: start + 5 });
}

describe('factsOfChange', () => {
  it('tells that a customer entered, by which entry and which event', () => {
    const event = { id: 'e1', type: 'signed_up', data: { email: 'c1@example.com' } };
    expect(factsOfChange({ after: instanceItem({ ...instance, event }) })).toEqual([
      {
        eventId: '115de9ee-0999-8e77-a575-43f81e2f2ade',
        kind: 'entered',
        tenant: 'acme',
        journey: 'welcome',
        version: 1,
        instance: 'i-1',
        customer: 'c1',
        epoch: 1,
        at: start,
        node: 'entry_1',
        name: 'signed_up',
      },
    ]);
  });

  it('tells nothing of a write that only moves the instance on', () => {
    const moved = { ...instance, status: 'running', revision: 2, tokens: [{ node: 'b' }] } as const;
    expect(factsOfChange({ before: instanceItem(instance), after: instanceItem(moved) })).toEqual(
      [],
    );
  });

  it('tells how the journey ended for the customer', () => {
    const ended = {
      ...instance,
      status: 'exited',
      exitReason: 'cancelled_by_operator',
      completedAt: start + 9,
    } as const;
    expect(
      factsOfChange({ before: instanceItem(instance), after: instanceItem(ended) }),
    ).toMatchObject([
      { kind: 'ended', status: 'exited', reason: 'cancelled_by_operator', at: start + 9 },
    ]);
  });

  it('tells of a step when it begins to wait, and of its end with branch, message and conversion', () => {
    const began = factsOfChange({ after: stepItem(waiting) });
    expect(began).toMatchObject([{ kind: 'step_started', node: 'wait_1', status: 'waiting' }]);
    const over = {
      ...waiting,
      status: 'completed',
      branch: 'timed_out',
      endedAt: start + 7,
      send: aDelivery({ provider: 'ses', status: 'unknown', attempt: 2 }),
      conversion: { name: 'activated', value: 9.5 },
    } as const;
    const ended = factsOfChange({ before: stepItem(waiting), after: stepItem(over) });
    expect(ended).toMatchObject([
      { kind: 'step_ended', status: 'completed', branch: 'timed_out', startedAt: start },
      { kind: 'send_settled', status: 'unknown', channel: 'email', provider: 'ses', attempts: 2 },
      { kind: 'converted', name: 'activated', value: 9.5 },
    ]);
    expect(ended.map(({ at }) => at)).toEqual([start + 7, start + 7, start + 7]);
  });

  it('takes each status that a provider reports for a fact of its own', () => {
    const sent = factsOfChange({ after: report('sent') });
    const bounced = factsOfChange({ before: report('sent'), after: report('bounced') });
    expect([...sent, ...bounced]).toMatchObject([
      { kind: 'delivery_reported', node: 'mail', status: 'sent', at: start + 5 },
      { kind: 'delivery_reported', node: 'mail', status: 'bounced', at: start + 5 },
    ]);
    expect(sent[0]?.eventId).not.toBe(bounced[0]?.eventId);
  });

  it('tells two pauses apart, and tells of both a resumption and the end it brings', () => {
    const at = start + 1;
    const paused = {
      ...instance,
      status: 'paused',
      revision: 4,
      interventions: [{ kind: 'paused', at, note: 'by hand' }],
    } as const;
    const pause = factsOfChange({ before: instanceItem(instance), after: instanceItem(paused) });
    const again = factsOfChange({
      before: instanceItem({ ...instance, revision: 6 }),
      after: instanceItem({ ...paused, revision: 7 }),
    });
    expect([...pause, ...again]).toMatchObject([
      { kind: 'paused', at },
      { kind: 'paused', at },
    ]);
    expect(pause[0]?.eventId).not.toBe(again[0]?.eventId);

    const over = {
      ...instance,
      status: 'completed',
      revision: 5,
      completedAt: start + 3,
      interventions: [...paused.interventions, { kind: 'resumed', at: start + 3, note: '' }],
    } as const;
    expect(
      factsOfChange({ before: instanceItem(paused), after: instanceItem(over) }),
    ).toMatchObject([{ kind: 'ended' }, { kind: 'resumed', at: start + 3 }]);
  });

  it('keeps ids of tenants, instances and nodes apart, whatever characters they have', () => {
    const ids = [
      aStep({ tenant: 'a', instance: 'b', node: 'c,d' }),
      aStep({ tenant: 'a', instance: 'b,c', node: 'd' }),
      aStep({ tenant: 'a#b', instance: 'c', node: 'd' }),
      aStep({ tenant: 'a', instance: 'b', node: 'c#d' }),
    ].flatMap((step) => factsOfChange({ after: stepItem(step) }).map(({ eventId }) => eventId));
    expect(new Set(ids).size).toBe(4);
  });

  it.each<[string, Item]>([
    ['a wait registration', { pk: 'acme#c#c1', sk: 'w#opened#i-1#wait_1' }],
    ['a journey whose name is that of an instance row', { pk: 'acme#journeys', sk: 'i' }],
    ['a row of a later release', { pk: 'acme#i#i-1', sk: 'z#new', startedAt: 'soon' }],
    ['a step without times', { pk: 'acme#i#i-1', sk: 's#a', status: 'completed' }],
    ['a report without a status', { pk: 'acme#i#i-1', sk: 'd#a', reportedAt: 'soon' }],
    ['an instance that is empty', { pk: 'acme#i#i-1', sk: 'i' }],
    ['a step of nobody', { pk: 'acme#i#', sk: 's#a', status: 'completed', endedAt: start }],
    ['a key that is none of ours', { pk: '', sk: '' }],
  ])('makes nothing of %s', (_name, after) => {
    expect(factsOfChange({ after })).toEqual([]);
    expect(factsOfChange({ before: after })).toEqual([]);
    expect(factsOfChange({ before: after, after })).toEqual([]);
  });

  it('for every row of any form: tells something or nothing, and never fails', () => {
    const field = fc.constantFrom(
      ...['status', 'send', 'event', 'interventions', 'startedAt', 'endedAt', 'revision'],
      ...['enteredAt', 'completedAt', 'reportedAt', 'conversion', 'journey', 'version'],
    );
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('paused', 'running', 'completed', 'waiting', start),
    );
    const row = fc
      .record({
        pk: fc.constantFrom('acme#i#i-1', 'i#i#i', 'acme#i'),
        sk: fc.constantFrom('i', 's#a', 'd#a', 's#', 'd#'),
        fields: fc.dictionary(field, value),
      })
      .map(({ pk, sk, fields }) => ({ ...fields, pk, sk }));
    fc.assert(
      fc.property(fc.option(row), fc.option(row), (before, after) => {
        const change = {
          ...(before === null ? {} : { before }),
          ...(after === null ? {} : { after }),
        };
        for (const { at } of factsOfChange(change)) expect(Number.isSafeInteger(at)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('tells nothing of a row that is gone', () => {
    expect(factsOfChange({ before: instanceItem(instance) })).toEqual([]);
    expect(factsOfChange({})).toEqual([]);
  });
});
