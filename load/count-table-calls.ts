/**
 * `npm run count:table`: how often each thing that the engine does asks the table, and how many units DynamoDB counts for it. Each is
 * done once before, so that what functions keep in memory (versions, templates) is not counted.
 */
import { createMemoryTable } from '../lib/adapters/local/memory-table.ts';
import { addCalls, noCalls, type Calls } from './counted-table.ts';
import { runTour, runWelcome, type Counted } from './counted-journeys.ts';

const heads = ['gets', 'queries', 'single writes', 'transactions (writes)', 'RRU', 'WRU'];

const welcome = await runWelcome(createMemoryTable());
tell('The welcome journey, of a customer who opens the mail', welcome.opened);
tell('The welcome journey, of a customer who does not', welcome.ignored);
tell('A node of each type', await runTour(createMemoryTable()));

function tell(title: string, counted: Counted): void {
  const total = [...counted.values()].reduce(addCalls, noCalls());
  const rows = [...counted, ['in all', total] as const].map(([name, calls]) => [
    name,
    ...cells(calls),
  ]);
  const table = [['', ...heads], ...rows];
  const widths = table[0]?.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  console.log(`\n${title}\n`);
  for (const row of table) {
    const padded = row.map((cell, at) =>
      at === 0 ? cell.padEnd(widths?.[at] ?? 0) : cell.padStart(widths?.[at] ?? 0),
    );
    console.log(padded.join('  '));
  }
}

function cells(calls: Calls): string[] {
  const { gets, queries, single, transactions, inTransactions } = calls;
  return [
    String(gets),
    String(queries),
    String(single),
    transactions === 0 ? '0' : `${transactions} (${inTransactions})`,
    String(calls.readUnits),
    String(calls.writeUnits),
  ];
}
