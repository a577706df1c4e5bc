/** Template rendering (U4): paths, defaults, missing variables, escaping, and what a template cannot do. */
import { describe, expect, test } from 'vitest';
import {
  renderText,
  renderValue,
  templateProblems,
  templateRoots,
} from '../../../lib/nodes/templates/template.ts';

const facts = {
  customer: {
    id: 'c1',
    name: '<Ada>',
    tags: ['a', 'b'],
    nothing: null,
    properties: { plan: 'pro', address: { city: 'London' } },
  },
  event: {
    score: 42,
    on: false,
    items: [{ sku: 'x', price: 2 }, { sku: 'y' }],
    starts: '2026-03-08T02:30:00Z',
  },
  context: { source: 'crm' },
  accumulated: { wait_1: { branch: 'timed_out' } },
};
const now = Date.parse('2026-01-02T03:04:05Z');
const inText = { facts, now, escapeHtml: false };
const inHtml = { facts, now, escapeHtml: true };

function text(template: string, run = inText): string {
  const rendered = renderText(template, run);
  if ('problem' in rendered) throw new Error(rendered.problem);
  return rendered.text;
}

function missing(template: string): readonly string[] {
  const rendered = renderText(template, inText);
  if ('problem' in rendered) throw new Error(rendered.problem);
  return rendered.missing;
}

describe('renderText', () => {
  test.each([
    ['plain text, as it is: 5 < 6 & {x}', 'plain text, as it is: 5 < 6 & {x}'],
    ['', ''],
    ['Hi {{ customer.properties.plan }}!', 'Hi pro!'],
    ['{{ event.score }} {{ event.on }}', '42 false'],
    ['{{ customer.properties.address.city }} {{ customer["name"] }}', 'London <Ada>'],
    ['{{ context.source }} {{ accumulated.wait_1.branch }}', 'crm timed_out'],
    [
      '{{ event.items[1].sku }} {{ event.items.size }} {{ customer.tags | join: ", " }}',
      'y 2 a, b',
    ],
    ['{% for item in event.items %}{{ item.sku }};{% endfor %}', 'x;y;'],
    ['{% if event.score > 40 %}high{% else %}low{% endif %}', 'high'],
    ['{{ customer.nick | default: "you" }}', 'you'],
    ['{{ customer.tags }} {{ event.items }}', 'ab {"sku":"x","price":2}{"sku":"y"}'],
    ['{% assign x = event.score | plus: 1 %}{{ x }}{{ nil }}{{ empty }}', '43'],
    ['{% raw %}{{ customer.name }}{% endraw %}', '{{ customer.name }}'],
    ['{% cycle "a", "b" %}{% liquid echo context.source %}', 'acrm'],
  ])('renders %s', (template, expected) => {
    expect(text(template)).toBe(expected);
  });

  test('does not count among the facts', () => {
    const template = '{% increment customer_count %}{% increment customer_count %}';
    expect(text(template)).toBe('01');
    expect(text(template)).toBe('01');
    expect(Object.keys(facts)).toEqual(['customer', 'event', 'context', 'accumulated']);
  });
});

describe('a variable that is not set', () => {
  test('is empty and reported, each path once and in order', () => {
    const template =
      'Hi {{ customer.nick }}, {{ customer.nothing }}{{ customer.nick | upcase }}{{ event.a.b.c }}!';
    expect(text(template)).toBe('Hi , !');
    expect(missing(template)).toEqual(['customer.nick', 'customer.nothing', 'event.a.b.c']);
  });

  test.each([
    ['{{ customer.nick | default: "you" }}', []],
    ['{{ customer.nick | default: customer.alias }}', ['customer.nick', 'customer.alias']],
    ['{{ customer.nick | default: context.source }}', []],
    ['{% if customer.vip %}yes{% endif %}{{ context.source }}', []],
    [
      '{% unless customer.vip %}no{% endunless %}{% case customer.kind %}{% when 1 %}{% endcase %}',
      [],
    ],
    ['{{ customer.nick | append: "!" }}', ['customer.nick']],
    ['{{ customer.nick | raw }}{{ customer.alias | escape }}', ['customer.nick', 'customer.alias']],
    ['{% for item in event.items %}{{ item.price }}{% endfor %}', ['item.price']],
    ['{% capture x %}{{ customer.nick }}{% endcapture %}{{ x }}', ['customer.nick']],
    ['{% assign x = customer.nick %}{{ x }}', ['x']],
    ['{{ event.items[7].sku }}', ['event.items.7.sku']],
    ['{% if false %}{{ customer.nick }}{% endif %}', []],
  ])('in %s: %j', (template, paths) => {
    expect(missing(template)).toEqual(paths);
  });
});

describe('escaping', () => {
  test.each([
    ['{{ customer.name }}', '&lt;Ada&gt;', '<Ada>'],
    [
      '<b>{{ "\'a\' & \\"b\\"" }}</b>',
      '<b>&#39;a&#39; &amp; &#34;b&#34;</b>',
      '<b>\'a\' & "b"</b>',
    ],
    ['{{ customer.name | raw }}', '<Ada>', '<Ada>'],
    ['{{ customer.name | escape }}', '&lt;Ada&gt;', '&lt;Ada&gt;'],
    ['{{ "&lt;" | escape_once }}', '&lt;', '&lt;'],
    ['{{ customer.name | upcase }}', '&lt;ADA&gt;', '<ADA>'],
    [
      '{% capture x %}<i>{{ customer.name }}</i>{% endcapture %}{{ x }}',
      '<i>&lt;Ada&gt;</i>',
      '<i><Ada></i>',
    ],
    ['{% cycle customer.name %}', '&lt;Ada&gt;', '<Ada>'],
    [
      '{{ event.items }}',
      '{&#34;sku&#34;:&#34;x&#34;,&#34;price&#34;:2}{&#34;sku&#34;:&#34;y&#34;}',
      '{"sku":"x","price":2}{"sku":"y"}',
    ],
  ])('of %s is %s in HTML and %s elsewhere', (template, html, plain) => {
    expect(text(template, inHtml)).toBe(html);
    expect(text(template, inText)).toBe(plain);
  });
});

describe('dates', () => {
  test.each([
    ["{{ 'now' | date: '%Y-%m-%d %H:%M:%S %Z' }}", '2026-01-02 03:04:05 UTC'],
    ["{{ 'today' | date: '%F' }}", '2026-01-02'],
    ["{{ 'now' | date: '%R %z', 'Europe/Berlin' }}", '04:04 +0100'],
    ["{{ 'now' | date: '%R %z', 300 }}", '22:04 -0500'],
    ["{{ 'now' | date }}", 'Friday, January 2, 2026 at 3:04 am +0000'],
    ["{{ event.starts | date: '%R' }}", '02:30'],
    ["{{ event.starts | date: '%R %Z', 'America/New_York' }}", '21:30 America/New_York'],
    ["{{ '2026-03-08T04:30:00+02:00' | date: '%R' }}", '02:30'],
    ["{{ '2026-03-08 02:30' | date: '%R' }}", '02:30'],
    ["{{ '2026-03-08' | date: '%F %R' }}", '2026-03-08 00:00'],
    ["{{ 0 | date: '%F' }} {{ '86400' | date: '%F' }}", '1970-01-01 1970-01-02'],
    [
      "{{ 'soon' | date: '%F' }}{{ '2026-02-30' | date: '%F' }}{{ customer.nick | date: '%F' }}",
      'soon2026-02-30',
    ],
  ])('%s is %s', (template, expected) => {
    expect(text(template)).toBe(expected);
  });

  test('do not depend on the time zone of the machine', () => {
    const before = process.env['TZ'];
    process.env['TZ'] = 'America/New_York';
    try {
      expect(new Date(now).getTimezoneOffset()).toBe(300);
      expect(text("{{ '2026-03-08 02:30' | date: '%F %R' }} {{ event.starts | date: '%c' }}")).toBe(
        '2026-03-08 02:30 Sun Mar  8 02:30:00 2026',
      );
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });
});

describe('renderValue', () => {
  const value = (template: string): unknown => renderValue(template, { facts, now });

  test.each([
    ['{{ event.score }}', 42],
    ['{{ event.on }}', false],
    ['{{ event.items }}', [{ sku: 'x', price: 2 }, { sku: 'y' }]],
    ['{{ customer.properties.address }}', { city: 'London' }],
    ['{{ event.score | plus: 1 }}', 43],
    ['{{ event.score }} points', '42 points'],
    ['{{ customer.name }}', '<Ada>'],
    ['pro', 'pro'],
  ])('%s gives %j', (template, expected) => {
    expect(value(template)).toEqual({ value: expected, missing: [] });
  });

  test('a value that is not set is an empty text, and reported', () => {
    expect(value('{{ customer.nick }}')).toEqual({ value: '', missing: ['customer.nick'] });
    expect(value('{{ customer.nothing }}')).toEqual({ value: '', missing: ['customer.nothing'] });
  });

  test('a template that cannot be parsed or rendered is a problem', () => {
    expect(value('{{ x')).toEqual({
      problem: 'is not a template: line 1: output "{{ x" not closed',
    });
    expect(value('{{ "now" | date: "%H", "Mars" }}')).toEqual({
      problem: 'cannot be rendered: line 1: Invalid time zone specified: Mars',
    });
  });
});

describe('templateProblems', () => {
  test.each([
    '',
    'plain',
    '{{ customer.name }}',
    '{% assign x = 1 %}{{ x }}',
    '{% for i in event.items %}{{ i }}{{ forloop.index }}{% endfor %}',
    '{% increment n %}{{ n }}',
    '{% capture c %}x{% endcapture %}{{ c }}',
  ])('finds nothing wrong with %s', (template) => {
    expect(templateProblems(template)).toEqual([]);
  });

  test('names variables that do not exist, with the line', () => {
    expect(
      templateProblems('Hi {{ name }}\n{% if plan == "pro" %}{{ customer.name }}{% endif %}'),
    ).toEqual([
      'reads "name" on line 1, but there are only customer.*, event.*, context.*, accumulated.*',
      'reads "plan" on line 2, but there are only customer.*, event.*, context.*, accumulated.*',
    ]);
  });

  test.each([
    ['{{ customer.name', 'is not a template: line 1: output "{{ customer.name" not closed'],
    ['a\n\n{% if %}{% endif %}', 'is not a template: line 3: invalid value expression: ""'],
    ['{% nope %}', 'is not a template: line 1: tag "nope" not found'],
    ['{{ x | shout }}', 'is not a template: line 1: undefined filter: shout'],
  ])('says where %s is no template', (template, problem) => {
    expect(templateProblems(template)).toEqual([problem]);
  });
});

describe('templateRoots', () => {
  test('names which facts are read', () => {
    expect([
      ...templateRoots('{{ customer.name }}{% if event.x %}{{ customer.id }}{% endif %}'),
    ]).toEqual(['customer', 'event']);
    expect([...templateRoots('plain')]).toEqual([]);
    expect([...templateRoots('{{ broken')]).toEqual([]);
  });
});

test('many different templates are parsed, remembered and forgotten without mixing them up', () => {
  for (let round = 0; round < 2; round++) {
    for (let at = 0; at < 600; at++) expect(text(`{{ event.score }}-${at}`)).toBe(`42-${at}`);
  }
  const long = `{{ event.score }}${'x'.repeat(70_000)}`;
  expect(text(long)).toBe(`42${'x'.repeat(70_000)}`);
  expect(text(long)).toBe(`42${'x'.repeat(70_000)}`);
});
