/** How long a customer may be parked at most. */
import { expect, test } from 'vitest';
import { parseGraph } from '../../lib/journey/parse.ts';
import { summedWaits, type SummedWaits } from '../../lib/journey/summed-waits.ts';
import { nodeTypes } from '../../lib/nodes/catalogue.ts';
import {
  simpleEmailJourney,
  simpleJourney,
  waitJourney,
  type DrawnJson,
} from '../support/graphs.ts';

test('a journey without waits parks nobody', () => {
  expect(waitsOf(simpleJourney())).toEqual({ fixedMs: 0, computed: [] });
});

test('sums durations and timeouts', () => {
  expect(waitsOf(waitJourney({ duration: '1d' }))).toEqual({ fixedMs: 86_400_000, computed: [] });
  expect(waitsOf(simpleEmailJourney({ timeout: '2h' }))).toEqual({
    fixedMs: 7_200_000,
    computed: [],
  });
});

test('takes the longest way through the graph, and names waits of unknown length', () => {
  const waits = waitsOf({
    nodes: [
      { id: 'in', type: 'event_entry', config: { event_type: 'go' } },
      { id: 'if', type: 'condition', config: { field: 'event.x', value: 1 } },
      { id: 'short', type: 'wait', config: { duration: '1h' } },
      { id: 'long', type: 'wait', config: { duration: '3h' } },
      { id: 'day', type: 'wait_until', config: { datetime: 'event.day' } },
      { id: 'last', type: 'wait', config: { duration: '30m' } },
    ],
    edges: [
      { source: 'in', target: 'if' },
      { source: 'if', target: 'short', branch: 'true' },
      { source: 'if', target: 'long', branch: 'false' },
      { source: 'short', target: 'day' },
      { source: 'long', target: 'last' },
      { source: 'day', target: 'last' },
    ],
  });
  expect(waits).toEqual({ fixedMs: 12_600_000, computed: ['day'] });
});

function waitsOf(drawn: DrawnJson): SummedWaits {
  const parsed = parseGraph(drawn);
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return summedWaits(parsed.graph, nodeTypes);
}
