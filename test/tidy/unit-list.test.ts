/** Where each item of the unit list (semantics 6.1) is held: files that exist and the tests in them that say it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** By item: what it asks, the file that holds it, and words of the test that does. */
const list: readonly (readonly [item: string, file: string, words: string])[] = [
  [
    'U1 every type has a file and a test',
    'nodes/catalogue.test.ts',
    'each type is in the file of its name and has a test',
  ],
  [
    'U1 the core set is 3 entry, 5 channel, 6 logic, 4 data, 2 exit',
    'nodes/catalogue.test.ts',
    'the core set is exactly 3 entry, 5 channel, 6 logic, 4 data and 2 exit types',
  ],
  [
    'U1 every type keeps every law',
    'nodes/catalogue.laws.test.ts',
    'every type of the catalogue has samples, and no other',
  ],
  ['U2 cycles', 'journey/rules/cycles.test.ts', 'cycle'],
  ['U2 orphans', 'journey/rules/reachability.test.ts', 'unreachable'],
  ['U2 branch completeness', 'journey/rules/branches.test.ts', 'missing branch'],
  [
    'U3 the full matrix of states and commands',
    'journey/lifecycle.test.ts',
    'const matrix: Record<InstanceStatus, Record<LifecycleCommand',
  ],
  ['U4 paths and defaults', 'nodes/templates/template.test.ts', "describe('renderText'"],
  [
    'U4 what is missing is empty and recorded',
    'nodes/templates/template.test.ts',
    'is empty and reported, each path once and in order',
  ],
  [
    'U4 escaping in bodies of mails only',
    'nodes/send-email.test.ts',
    'escapes facts for HTML in the body, not in the subject',
  ],
  [
    'U4 no code, and limits of size',
    'nodes/templates/template.limits.test.ts',
    "describe('a template cannot'",
  ],
  [
    'U5 rule as text, tree and evaluation agree',
    'property/segments.prop.test.ts',
    'tree and evaluation say what the rule plainly means',
  ],
  ['U5 each operator', 'journey/evaluate-rule.test.ts', "'not_in'"],
  [
    'U6 each type accepts what is valid',
    'support/node-laws.ts',
    'accepts its sample configurations',
  ],
  [
    'U6 each required field missing',
    'support/node-laws.ts',
    'refuses a configuration without a required field',
  ],
  ['U6 each wrong type', 'support/node-laws.ts', 'refuses each wrong value'],
  ['U7 durations', 'journey/duration.test.ts', "'100ms'"],
  ['U8 the edge of the window', 'journey/frequency-cap.test.ts', "describe('a window'"],
  [
    'U8 per channel and all',
    'journey/frequency-cap.test.ts',
    'of one channel counts that channel, one of all the sum',
  ],
  [
    'U8 the release of a reservation',
    'journey/frequency-cap.test.ts',
    'is taken back once for each message that did not leave',
  ],
  [
    'U9 the same customer, the same variant',
    'nodes/ab-split.prop.test.ts',
    'the same variant each time, whatever else is different',
  ],
  [
    'U9 70 to 30 over 10,000 customers',
    'nodes/ab-split.prop.test.ts',
    '10,000 customers split 70 to 30 within 0.05',
  ],
  [
    'U9 two to five variants',
    'support/node-samples.ts',
    "...replaced({}, 'variants', null, 'a', {}, [], variants.slice(1)",
  ],
];

describe('the unit list', () => {
  it.each(list)('%s: %s', (_item, file, words) => {
    expect(readFileSync(join(root, file), 'utf8')).toContain(words);
  });

  it('has all nine items', () => {
    const items = new Set(list.map(([item]) => item.slice(0, 2)));
    expect([...items]).toEqual(['U1', 'U2', 'U3', 'U4', 'U5', 'U6', 'U7', 'U8', 'U9']);
  });
});
