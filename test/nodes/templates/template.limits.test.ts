/** What a template cannot do, and where its limits are. */
import { describe, expect, test } from 'vitest';
import { renderText, templateProblems } from '../../../lib/nodes/templates/template.ts';

const facts = { customer: { id: 'c1', name: 'Ada', tags: ['a'] } };
const inText = { facts, now: 0, escapeHtml: false };

describe('a template cannot', () => {
  test.each([
    [
      'reach what JavaScript adds to objects',
      '{{ customer.constructor.name }}{{ customer.__proto__ }}{{ customer.toString }}',
      '',
    ],
    ['reach into texts', '{{ customer.name.trim }}{{ customer.id.constructor }}', ''],
  ])('%s', (_what, template, expected) => {
    expect(renderText(template, inText)).toMatchObject({ text: expected });
  });

  test.each([
    [
      'read files',
      '{% include "/etc/passwd" %}',
      'is not a template: line 1: tag "include" not found',
    ],
    ['render files', '\n{% render "x" %}', 'is not a template: line 2: tag "render" not found'],
    ['have a layout', '{% layout "x" %}', 'is not a template: line 1: tag "layout" not found'],
    [
      'ask for chance',
      '{{ customer.tags | sample }}',
      'is not a template: line 1: undefined filter: sample',
    ],
    [
      'loop for ever',
      '{% for i in (1..100000) %}{% endfor %}',
      'cannot be rendered: line 1: rendering takes more than 50000 steps',
    ],
    [
      'loop in loops',
      '{% for i in (1..1000) %}{% for j in (1..1000) %}{% endfor %}{% endfor %}',
      'cannot be rendered: line 1: rendering takes more than 50000 steps',
    ],
    [
      'fill the memory with lists',
      '{% for i in (1..100000000) %}{% endfor %}',
      'cannot be rendered: line 1: memory alloc limit exceeded',
    ],
    [
      'fill the memory with texts',
      '{% assign s = "0123456789" %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}',
      'cannot be rendered: line 1: memory alloc limit exceeded',
    ],
    [
      'become longer than 256 Ki characters',
      `{% for i in (1..3000) %}${'x'.repeat(300)}{% endfor %}`,
      'cannot be rendered: line 1: the text is longer than 262144 characters',
    ],
    [
      'capture more than 256 Ki characters',
      `{% capture c %}{% for i in (1..3000) %}${'x'.repeat(300)}{% endfor %}{% endcapture %}`,
      'cannot be rendered: line 1: the text is longer than 262144 characters',
    ],
    [
      'be longer than 256 Ki characters itself',
      `{{ 1 }}${'x'.repeat(262_144)}`,
      'must not be longer than 262144 characters',
    ],
  ])('%s', (_what, template, problem) => {
    expect(renderText(template, inText)).toEqual({ problem });
  });

  test('nest so deep that parsing it exhausts the stack', () => {
    const [problem = ''] = templateProblems('{% if a %}'.repeat(20_000));
    expect(problem).toMatch(/^is not a template: /);
  });

  test('fail on values that a filter cannot work with, other than by saying so', () => {
    expect(renderText('{{ "%E0%A4%A" | url_decode }}', inText)).toEqual({
      problem: 'cannot be rendered: line 1: URI malformed',
    });
    const odd = { event: { x: JSON.parse('{"toString": 1}') as unknown } };
    expect(renderText('{{ event.x | upcase }}', { ...inText, facts: odd })).toHaveProperty(
      'problem',
    );
    expect(renderText('{{ event.x }}', { ...inText, facts: odd })).toEqual({
      text: '{"toString":1}',
      missing: [],
    });
  });
});
