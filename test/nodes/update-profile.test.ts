/** `update_profile`: which fields, with which values. */
import { describe, expect, test } from 'vitest';
import { updateProfile } from '../../lib/nodes/update-profile.ts';
import { configProblems, contextWith, runNode } from '../support/node-runs.ts';

const ctx = contextWith({
  facts: {
    customer: { id: 'c1', name: 'Ada', properties: { city: 'London' } },
    event: { plan: 'pro', score: 42, items: ['a', 'b'], on: true, phone: 441 },
    accumulated: { wait_1: { branch: 'timed_out' } },
  },
});

function fieldsAfter(fields: Record<string, unknown>): unknown {
  const outcome = runNode(updateProfile, { fields } as never, ctx);
  if (outcome.kind !== 'completed') throw new Error(JSON.stringify(outcome));
  return outcome.result?.['fields'];
}

describe('update_profile', () => {
  test('changes the fields named, and keeps the types of what templates put out', () => {
    const fields = {
      name: '{{ customer.name | upcase }}',
      'properties.plan': '{{ event.plan }}',
      'properties.score': '{{ event.score }}',
      'properties.items': '{{ event.items }}',
      'properties.note': 'scored {{ event.score }}',
      'properties.last': {
        branch: '{{ accumulated.wait_1.branch }}',
        list: ['{{ event.on }}', 5, null],
      },
      'preferences.sms': false,
    };
    const changed = {
      name: 'ADA',
      'properties.plan': 'pro',
      'properties.score': 42,
      'properties.items': ['a', 'b'],
      'properties.note': 'scored 42',
      'properties.last': { branch: 'timed_out', list: [true, 5, null] },
      'preferences.sms': false,
    };
    expect(runNode(updateProfile, { fields }, ctx)).toEqual({
      kind: 'completed',
      result: { fields: changed },
      effects: [{ kind: 'change_profile', fields: changed }],
      notes: [],
    });
  });

  test('keeps e-mail, phone and name texts', () => {
    expect(fieldsAfter({ phone: '{{ event.phone }}' })).toEqual({ phone: '441' });
  });

  test('leaves the place of a missing fact empty and says so', () => {
    const fields = {
      'properties.street': '{{ event.street }}',
      'properties.at': 'in {{ event.town }}',
    };
    expect(runNode(updateProfile, { fields }, ctx)).toMatchObject({
      result: { fields: { 'properties.street': '', 'properties.at': 'in ' } },
      notes: [
        'event.street is not set, so its place is empty',
        'event.town is not set, so its place is empty',
      ],
    });
  });

  test('does not escape for HTML', () => {
    const facts = { event: { name: 'R&D <x>' } };
    const outcome = runNode(
      updateProfile,
      { fields: { 'properties.team': 'Team {{ event.name }}' } },
      contextWith({ facts }),
    );
    expect(outcome).toMatchObject({ result: { fields: { 'properties.team': 'Team R&D <x>' } } });
  });

  test('takes now from the context', () => {
    const later = contextWith({ now: Date.parse('2026-05-04T03:02:01Z') });
    expect(
      runNode(
        updateProfile,
        { fields: { 'properties.seen': "{{ 'now' | date: '%F %T' }}" } },
        later,
      ),
    ).toMatchObject({
      result: { fields: { 'properties.seen': '2026-05-04 03:02:01' } },
    });
  });

  test('fails when a template cannot be rendered', () => {
    const fields = { 'properties.x': '{% for i in (1..100000) %}{{ i }}{% endfor %}' };
    expect(runNode(updateProfile, { fields }, ctx)).toEqual({
      kind: 'failed',
      code: 'template.failed',
      detail: 'cannot be rendered: line 1: rendering takes more than 50000 steps',
      retryable: false,
    });
  });

  test('says of each field what is wrong with it', () => {
    const fields = { id: 'x', email: 5, 'properties.a': '{{ oops }}', 'properties.__proto__': 1 };
    expect(configProblems(updateProfile, { fields })).toEqual([
      'is not a field of profiles: only email, phone, name, properties.* and preferences.* are',
      'must be a text',
      'reads "oops" on line 1, but there are only customer.*, event.*, context.*, accumulated.*',
      'is not a field of profiles: only email, phone, name, properties.* and preferences.* are',
    ]);
  });

  test('needs what its templates read', () => {
    const needs = (fields: object): unknown =>
      updateProfile.needs?.(updateProfile.config.parse({ fields }));
    expect(needs({ 'properties.a': 'x', 'properties.b': '{{ event.x }}' })).toEqual([]);
    expect(
      needs({ name: '{{ customer.name }}', 'properties.b': ['{{ accumulated.n.x }}'] }),
    ).toEqual(['customer', 'accumulated']);
  });
});
