import { describe, expect, it } from 'vitest';
import { factsOfChange } from '../lib/engine/history/facts-of-change.ts';
import { reportItem } from '../lib/engine/records/delivery-report.ts';
import { instanceItem } from '../lib/engine/records/instance.ts';
import { keys } from '../lib/engine/records/keys.ts';
import { stepItem } from '../lib/engine/records/step.ts';
import { historyFilter } from '../lib/history-rows.ts';
import type { Item } from '../lib/ports/table.ts';
import { anInstance, aStep } from './support/factories.ts';

const [exact, ...prefixes] = historyFilter.dynamodb.Keys.sk.S;

/** As the trigger reads its pattern. */
function passes({ sk }: Pick<Item, 'sk'>): boolean {
  return sk === exact || prefixes.some(({ prefix }) => sk.startsWith(prefix));
}

const at = Date.parse('2026-01-01T00:00:00Z');
const report = { tenant: 't', instance: 'i', node: 'a#b', status: 'bounced', reportedAt: at };

describe('the filter of the stream', () => {
  it.each<[string, Item]>([
    ['an instance', instanceItem(anInstance())],
    ['a step', stepItem(aStep({ node: 'a#b' }))],
    ['a delivery report', reportItem({ ...report, status: 'bounced' })],
  ])('lets %s through, which tells something', (_what, row) => {
    expect(factsOfChange({ after: row })).not.toEqual([]);
    expect(passes(row)).toBe(true);
  });

  it('keeps out most of what is written', () => {
    const rows = [
      keys.membership('t', 'c', 'j'),
      keys.wait({ tenant: 't', customer: 'c', eventType: 'e', instance: 'i', node: 'n' }),
      keys.profile('t', 'c'),
      keys.sendTimes('t', 'c'),
      keys.event('t', 'e'),
      keys.promise('t', '0VGhZr1S000000000001'),
    ];
    expect(rows.filter(passes)).toEqual([]);
  });
});
