/** `preference_gate`: which branch, and why. */
import { describe, expect, test } from 'vitest';
import { preferenceGate } from '../../lib/nodes/preference-gate.ts';
import { contextWith, runNode } from '../support/node-runs.ts';

const branchFor = (preferences: Record<string, boolean>): unknown =>
  runNode(
    preferenceGate,
    { channel: 'sms' },
    contextWith({ facts: { customer: { id: 'c1', preferences } } }),
  );

describe('preference_gate', () => {
  test('a customer who said nothing about the channel counts as opted in', () => {
    expect(branchFor({ email: false })).toEqual({
      kind: 'branched',
      branch: 'true',
      result: { branch: 'true' },
      notes: ['the customer has not refused sms messages, so true'],
    });
  });

  test('a customer who wants the channel leaves by true', () => {
    expect(branchFor({ sms: true })).toMatchObject({ branch: 'true' });
  });

  test('a customer who refused the channel leaves by false', () => {
    expect(branchFor({ sms: false, email: true })).toEqual({
      kind: 'branched',
      branch: 'false',
      result: { branch: 'false' },
      notes: ['the customer does not want sms messages, so false'],
    });
  });
});
