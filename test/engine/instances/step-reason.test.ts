import { describe, expect, it } from 'vitest';
import { stepReason } from '../../../lib/engine/instances/step-reason.ts';
import type { Step } from '../../../lib/engine/records/step.ts';
import { nodeTypes } from '../../../lib/nodes/catalogue.ts';

const done: Omit<Step, 'send'> = {
  tenant: 'acme',
  instance: 'i1',
  node: 'n1',
  version: 1,
  status: 'completed',
  startedAt: 0,
  endedAt: 0,
};
const nobody = {};
const type = (name: string) => nodeTypes.get(name);

describe('the reason of a step', () => {
  it('is what the node noted', () => {
    const notes = ['no event email_opened came in time, so timed_out'];
    expect(stepReason({ ...done, notes }, type('wait_for_event'), nobody)).toBe(
      'no event email_opened came in time, so timed_out',
    );
  });

  it('of a message is what became of it, told once', () => {
    const send = {
      channel: 'sms',
      status: 'skipped' as const,
      attempt: 0,
      detail: 'the customer has no address for sms',
    };
    const notes = ['the customer has no address for sms'];
    expect(stepReason({ ...done, send, notes }, type('send_sms'), nobody)).toBe(
      'sms skipped; the customer has no address for sms',
    );
  });

  it('of an entry is what let the customer in', () => {
    const event = { id: 'e1', type: 'signed_up', data: {} };
    expect(stepReason(done, type('event_entry'), { event })).toBe(
      'the event signed_up let the customer in',
    );
    expect(stepReason(done, type('event_entry'), nobody)).toBe('the customer was enrolled');
  });

  it('of a conversion is what it counted', () => {
    const conversion = { name: 'activated' };
    expect(stepReason({ ...done, conversion }, type('goal_reached'), nobody)).toBe(
      'counts activated',
    );
  });

  it('of a step that was called off says so', () => {
    expect(stepReason({ ...done, status: 'cancelled' }, type('wait'), nobody)).toBe(
      'was called off: the journey was over for the customer',
    );
  });

  it('of anything else is what its kind does', () => {
    expect(stepReason(done, type('add_tag'), nobody)).toBe('adds a tag to the customer');
    expect(stepReason({ ...done, status: 'waiting' }, type('wait'), nobody)).toBe('waits');
    expect(stepReason(done, undefined, nobody)).toBe('done');
  });
});
