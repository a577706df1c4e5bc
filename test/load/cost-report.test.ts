import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { costReport } from '../../load/cost-report.ts';
import { countTransitions } from '../../load/count-transitions.ts';
import { referenceGraph } from '../../load/reference-graph.ts';

/** Cells without the padding that formatting gives them. */
function rowsIn(markdown: string): readonly string[] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[ |:-]+$/.test(line))
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .join('|'),
    );
}

it('docs/cost.md says what the code needs now: npm run cost writes it anew', async () => {
  const published = rowsIn(readFileSync('docs/cost.md', 'utf8'));
  const counted = rowsIn(await costReport());
  expect(counted.length).toBeGreaterThan(30);
  expect(published).toEqual(counted);
});

it('every state that is entered counts, and every function that is called', async () => {
  const timedOut = await countTransitions(referenceGraph, {
    entry: 'signed_up',
    branches: { opened: 'timed_out' },
    eventsEnd: [],
  });
  expect(timedOut).toEqual({
    states: [
      '(start)',
      'signed_up',
      'welcome',
      'opened',
      'opened (timed out)',
      'opened (branch)',
      'left',
    ],
    calls: [
      { function: 'EntryFunction', node: 'signed_up' },
      { function: 'ChannelFunction', node: 'welcome' },
      { function: 'WaitFunction', node: 'opened' },
      { function: 'ResolveWaitFunction', node: 'opened' },
      { function: 'ExitFunction', node: 'left' },
    ],
  });
});
