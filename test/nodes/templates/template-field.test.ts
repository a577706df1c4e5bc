/** Templates inside configurations are checked at their place. */
import { expect, test } from 'vitest';
import { templateField } from '../../../lib/nodes/templates/template-field.ts';

const problemsOf = (input: unknown): string[] => {
  const parsed = templateField(40).safeParse(input);
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
};

test('accepts a template', () => {
  expect(problemsOf('Hi {{ customer.name }}')).toEqual([]);
});

test.each([
  ['{{ customer.name', 'is not a template: line 1: output "{{ customer.name" not closed'],
  [
    'ok\n{{ user.name }}',
    'reads "user" on line 2, but there are only customer.*, event.*, context.*, accumulated.*',
  ],
])('refuses %j with the line', (template, message) => {
  expect(problemsOf(template)).toEqual([message]);
});

test('refuses what is empty, too long or no text', () => {
  expect(problemsOf('')).toHaveLength(1);
  expect(problemsOf('x'.repeat(41))).toHaveLength(1);
  expect(problemsOf(5)).toHaveLength(1);
});
