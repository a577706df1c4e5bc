import { describe, expect, it } from 'vitest';
import { checkEnrolment, checkEvent, checkIds } from '../../lib/engine/check-input.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';

function problemsOf(check: () => void): readonly string[] {
  try {
    check();
  } catch (error) {
    if (!(error instanceof KalciferError)) throw error;
    expect(error.code).toBe('input.invalid');
    return (error.problems ?? []).map(({ message }) => message);
  }
  return [];
}

describe('checkEvent', () => {
  it('accepts an event with tenant, customer and type', () => {
    expect(problemsOf(() => checkEvent({ tenant: 't', customer: 'c', type: 'x' }))).toEqual([]);
  });

  it('tells every missing, blank and non-text id at once', () => {
    expect(
      problemsOf(() => checkEvent({ tenant: undefined, customer: '  \t', type: 7, id: '' })),
    ).toEqual(['tenant is missing', 'customer is blank', 'type must be a text', 'id is blank']);
  });

  it.each([
    [null, 'customer is missing'],
    ['', 'customer is blank'],
    ['\u00a0\u2003', 'customer is blank'],
    ['a\u0000b', 'customer contains a control character'],
    ['\ud800', 'customer is not valid Unicode'],
    ['x'.repeat(129), 'customer is longer than 128 bytes'],
    ['é'.repeat(65), 'customer is longer than 128 bytes'],
    ['#'.repeat(43), 'customer is longer than 128 bytes, as "#" and "%" count three'],
    [{ id: 1 }, 'customer must be a text'],
  ])('refuses %j as customer', (customer, message) => {
    expect(problemsOf(() => checkEvent({ tenant: 't', customer, type: 'x' }))).toEqual([message]);
  });

  it('refuses data that is not an object, or too large or too deep for a row', () => {
    const event = { tenant: 't', customer: 'c', type: 'x' };
    expect(problemsOf(() => checkEvent({ ...event, data: [1] }))).toEqual([
      'data must be an object',
    ]);
    expect(problemsOf(() => checkEvent({ ...event, data: { a: 'x'.repeat(131_072) } }))).toEqual([
      'data is larger than 131072 bytes',
    ]);
    const nested = (levels: number): unknown =>
      JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels));
    expect(problemsOf(() => checkEvent({ ...event, data: nested(20) }))).toEqual([]);
    for (const data of [nested(21), nested(50_000), { far: Infinity }]) {
      expect(problemsOf(() => checkEvent({ ...event, data }))).toEqual([
        'data must be JSON with at most 20 levels',
      ]);
    }
  });
});

describe('checkEnrolment', () => {
  it('tells every problem at once', () => {
    expect(
      problemsOf(() =>
        checkEnrolment({ tenant: 't', journey: '', customer: undefined, entry: 3, context: 'x' }),
      ),
    ).toEqual([
      'journey is blank',
      'customer is missing',
      'entry must be a text',
      'context must be an object',
    ]);
  });
});

describe('checkIds', () => {
  it('names the fields as they were given', () => {
    expect(problemsOf(() => checkIds({ tenant: 't', journey: ' ' }))).toEqual(['journey is blank']);
  });
});
