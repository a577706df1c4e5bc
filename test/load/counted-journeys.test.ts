import { describe, expect, it } from 'vitest';
import { createMemoryTable } from '../../lib/adapters/local/memory-table.ts';
import { addCalls, noCalls } from '../../load/counted-table.ts';
import { runTour, runWelcome, type Counted } from '../../load/counted-journeys.ts';
import { tourGraph } from '../../load/tour-graph.ts';
import { nodeTypes } from '../../lib/nodes/catalogue.ts';

function writeUnits(counted: Counted): number {
  return [...counted.values()].reduce(addCalls, noCalls()).writeUnits;
}

describe('what the welcome journey asks of the table', () => {
  it('is told for everything that happens, in order', async () => {
    const { opened, ignored } = await runWelcome(createMemoryTable());
    expect([...opened.keys()]).toEqual([
      'a customer is saved',
      'an event lets the customer in',
      'entry_1 (event_entry) runs',
      'email_1 (send_email) runs',
      'wait_1 (wait_for_event) runs',
      'an event ends the wait',
      'goal_1 (goal_reached) runs',
      'an event that concerns nobody',
    ]);
    expect([...ignored.keys()].slice(4)).toEqual([
      'wait_1 (wait_for_event) runs',
      'wait_1 times out',
      'email_2 (send_email) runs',
      'exit_1 (exit) runs',
    ]);
  });

  it('is no more than sixty or so write units for a customer', async () => {
    const { opened, ignored } = await runWelcome(createMemoryTable());
    expect(writeUnits(opened)).toBeLessThanOrEqual(60);
    expect(writeUnits(ignored)).toBeLessThanOrEqual(65);
  });

  it('is a single write where one is enough', async () => {
    const { opened } = await runWelcome(createMemoryTable());
    expect(opened.get('an event that concerns nobody')).toMatchObject({
      single: 1,
      transactions: 0,
      writeUnits: 1,
    });
  });
});

it('the tour goes through nodes of every type that an event may lead to', async () => {
  const counted = await runTour(createMemoryTable());
  const types = [...nodeTypes.values()]
    .filter(({ category, type }) => category !== 'entry' || type === 'event_entry')
    .map(({ type }) => type);
  expect(tourGraph.nodes.map(({ type }) => type).toSorted()).toEqual(types.toSorted());
  expect(types.filter((type) => !counted.has(type))).toEqual([]);
});
