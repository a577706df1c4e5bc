import { expect, it } from 'vitest';
import { internationalNumber } from '../../../lib/adapters/aws/international-number.ts';

it.each([
  ['+4930123456', '+4930123456'],
  ['+49 (0)30 / 123-456', '+4930123456'],
  ['+49(0)30123456', '+4930123456'],
  ['0049 30 123456', '+4930123456'],
  ['+1 (555) 010-9999', '+15550109999'],
  ['1.555.010.9999', '15550109999'],
])('%s is %s', (phone, number) => {
  expect(internationalNumber(phone)).toBe(number);
});

it.each([
  '030 123456',
  '(030) 123456',
  '+0 30 1234567',
  '12345',
  '+4930123456789012',
  '++49301234',
  '',
])('%j says no country, or is none', (phone) => {
  expect(internationalNumber(phone)).toBeUndefined();
});
