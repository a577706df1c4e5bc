/**
 * What a journey costs on AWS: transitions, invocations, table units and queue requests are counted by running the engine and the
 * compiled machine, only prices and durations are given (`price-list.ts`). Answers Markdown.
 */
import { createMemoryTable } from '../lib/adapters/local/memory-table.ts';
import { countTransitions, nodeOfState, type Transitions } from './count-transitions.ts';
import { addCalls, noCalls, type Calls } from './counted-table.ts';
import { runReference, runTour, type Counted } from './counted-journeys.ts';
import { assumed, price } from './price-list.ts';
import { referenceGraph } from './reference-graph.ts';
import { tourGraph } from './tour-graph.ts';

export async function costReport(): Promise<string> {
  const tour = await countTransitions(tourGraph, {
    entry: 'event_entry',
    branches: {
      condition: 'true',
      ab_split: 'a',
      frequency_cap: 'allowed',
      preference_gate: 'true',
      check_segment: 'true',
      wait_for_event: 'timed_out',
    },
    eventsEnd: [],
  });
  const reference = await countTransitions(referenceGraph, {
    entry: 'signed_up',
    branches: { opened: 'event_received', is_pro: 'true' },
    eventsEnd: ['opened'],
  });
  return [
    '### Node by node',
    perNode(tour, await runTour(createMemoryTable())),
    '### The reference journey',
    perJourney(reference, await runReference(createMemoryTable())),
  ].join('\n\n');
}

function perNode({ states, calls }: Transitions, counted: Counted): string {
  const rows = tourGraph.nodes.map(({ id }) => {
    const units = [id, `${id} times out`].flatMap((name) => counted.get(name) ?? []);
    const { readUnits, writeUnits } = units.reduce(addCalls, noCalls());
    const transitions = states.filter((state) => nodeOfState(state) === id).length;
    const invocations = calls.filter(({ node }) => node === id).length;
    const dollars =
      transitions * price.transition +
      lambda(invocations, invocations * durationOf(id)) +
      table({ readUnits, writeUnits });
    return [`\`${id}\``, transitions, invocations, writeUnits, readUnits, money(dollars)];
  });
  return markdown(
    ['node', 'transitions', 'invocations', 'write units', 'read units', 'dollars per million'],
    rows,
  );
}

function perJourney({ states, calls }: Transitions, counted: Counted): string {
  const { readUnits, writeUnits } = [...counted]
    .flatMap(([name, units]) => (name === 'a customer is saved' ? [] : [units]))
    .reduce(addCalls, noCalls());
  const events = 2;
  const mails = calls.filter(({ function: name }) => name === 'ChannelFunction').length;
  const nodeMs = calls.reduce(
    (ms, call) => ms + (call.function === 'ChannelFunction' ? assumed.providerMs : assumed.tableMs),
    0,
  );
  // Events, the start of the execution, and that it has ended, come through queues in batches.
  const queued = events + 2;
  const invocations = calls.length + queued / assumed.batch;
  const ms = nodeMs + queued * assumed.tableMs;
  // One request puts a message in; receiving and deleting are shared by a batch.
  const requests = queued * (1 + 2 / assumed.batch);
  const logGigabytes = (invocations * assumed.logKilobytes) / 1024 / 1024;
  const lines: readonly (readonly [string, string, number])[] = [
    ['Step Functions', `${states.length} transitions`, states.length * price.transition],
    [
      'Lambda',
      `${round(invocations)} invocations, ${round(ms)} ms (assumed)`,
      lambda(invocations, ms),
    ],
    [
      'DynamoDB',
      `${writeUnits} write units, ${readUnits} read units`,
      table({ readUnits, writeUnits }),
    ],
    ['EventBridge', `${events} events`, events * price.busEvent],
    ['SQS', `${round(requests)} requests`, requests * price.sqsRequest],
    [
      'CloudWatch Logs',
      `${assumed.logKilobytes} KB for each invocation (assumed)`,
      logGigabytes * 1e6 * price.logGigabyte,
    ],
  ];
  const engine = lines.reduce((total, [, , dollars]) => total + dollars, 0);
  const rows = [
    ...lines.map(([name, what, dollars]) => [name, what, money(dollars)]),
    ['**the engine**', '', `**${money(engine)}**`],
    ['SES', `${mails} mails`, money(mails * price.mail)],
    ['**in all**', '', `**${money(engine + mails * price.mail)}**`],
  ];
  return markdown(['', 'for one customer', 'dollars per million customers'], rows);
}

/** Dollars for a million times so many invocations, of so many milliseconds together. */
function lambda(invocations: number, ms: number): number {
  const gigabyteSeconds = (ms / 1000) * assumed.memoryGigabytes;
  return invocations * price.lambdaRequest + gigabyteSeconds * price.lambdaGigabyteSecond;
}

function table({ readUnits, writeUnits }: Pick<Calls, 'readUnits' | 'writeUnits'>): number {
  return readUnits * price.readUnit + writeUnits * price.writeUnit;
}

function durationOf(nodeType: string): number {
  return /^(send|call)_/.test(nodeType) ? assumed.providerMs : assumed.tableMs;
}

function money(dollars: number): string {
  return dollars.toFixed(2);
}

function round(number: number): string {
  return String(Math.round(number * 100) / 100);
}

function markdown(
  heads: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}
