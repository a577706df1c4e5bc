/** The table of `kalcifer local watch`: one line per execution, newest first. */
import { stripVTControlCharacters } from 'node:util';
import type { ListedExecution } from '../../lib/adapters/aws/execution-list.ts';
import { paint } from '../terminal/paint.ts';
import { spell } from '../terminal/spell-duration.ts';

export interface WatchRow {
  readonly execution: ListedExecution;
  readonly tenant: string;
  /** Absent when the API does not know it (any more). */
  readonly instance?: WatchedInstance;
}

export interface WatchedInstance {
  readonly journey: string;
  readonly version: number;
  readonly customer_id: string;
  readonly status: string;
  readonly exit_reason?: string;
  readonly positions: readonly string[];
  readonly deadlines: Readonly<Record<string, string>>;
}

const heads = ['execution', 'machine', 'state', 'tenant', 'customer', 'instance', 'at', 'since'];

const colours: Readonly<Record<string, Parameters<typeof paint>[0]>> = {
  RUNNING: 'cyan',
  SUCCEEDED: 'green',
  FAILED: 'red',
  TIMED_OUT: 'red',
  ABORTED: 'yellow',
  waiting: 'yellow',
  paused: 'magenta',
  completed: 'green',
  failed: 'red',
  exited: 'yellow',
};

export function paintTable(rows: readonly WatchRow[], now: Date): string {
  if (rows.length === 0) return 'No executions yet. Send an event: npm run local:event\n';
  const cells = rows.map((row) => cellsOf(row, now));
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...cells.map((line) => widthOf(line[column] ?? ''))),
  );
  const lineOf = (line: readonly string[]): string =>
    line
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd();
  const head = lineOf(heads.map((name) => paint('dim', name)));
  return `${[head, ...cells.map(lineOf)].join('\n')}\n`;
}

function cellsOf({ execution, tenant, instance }: WatchRow, now: Date): readonly string[] {
  const { name, machine, status, startedAt, endedAt } = execution;
  const since = (endedAt ?? now).getTime() - startedAt.getTime();
  return [
    name,
    machine,
    coloured(status),
    tenant,
    instance?.customer_id ?? '',
    instance === undefined ? '' : coloured(instance.status),
    instance === undefined ? '' : placeOf(instance),
    spell(Math.max(0, Math.floor(since / 1000) * 1000)),
  ];
}

/** `opened (until 2026-01-04 09:00)` */
function placeOf({ positions, deadlines, exit_reason: reason }: WatchedInstance): string {
  if (positions.length === 0) return reason ?? '';
  return positions
    .map((node) => {
      const deadline = deadlines[node];
      return deadline === undefined
        ? node
        : `${node} (until ${deadline.slice(0, 16).replace('T', ' ')})`;
    })
    .join(', ');
}

function coloured(word: string): string {
  const colour = colours[word];
  return colour === undefined ? word : paint(colour, word);
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
