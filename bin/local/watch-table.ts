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

/** What a terminal has for the table. */
export interface Room {
  readonly columns?: number | undefined;
  readonly lines?: number | undefined;
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

/** Left out in this order where the terminal is too narrow for all. */
const dispensable = ['execution', 'tenant', 'since', 'instance', 'machine'];
const gap = '  ';

export function paintTable(
  rows: readonly WatchRow[],
  now: Date,
  { columns = Infinity, lines = Infinity }: Room = {},
): string {
  if (rows.length === 0) {
    return 'No executions yet. Send an event: npm run local:event -- <tenant> <customer> <type>\n';
  }
  const count = rows.length + 1 <= lines ? rows.length : Math.max(1, lines - 2);
  const cells = rows.slice(0, count).map((row) => cellsOf(row, now));
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...cells.map((line) => widthOf(line[column] ?? ''))),
  );
  const shown = columnsWithin(widths, columns);
  const lineOf = (line: readonly string[]): string => {
    let left = columns;
    const fitting = shown.map((column) => {
      const cell = cutTo(line[column] ?? '', Math.max(0, left));
      left -= (widths[column] ?? 0) + gap.length;
      return cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell));
    });
    return fitting.join(gap).trimEnd();
  };
  const table = [heads.map((name) => paint('dim', name)), ...cells].map(lineOf);
  if (count < rows.length) table.push(cutTo(`and ${rows.length - count} more`, columns));
  return `${table.join('\n')}\n`;
}

function columnsWithin(widths: readonly number[], room: number): readonly number[] {
  const shown = heads.map((_, column) => column);
  const needed = (): number =>
    shown.reduce((sum, column) => sum + (widths[column] ?? 0) + gap.length, -gap.length);
  for (const name of dispensable) {
    if (needed() <= room) break;
    shown.splice(shown.indexOf(heads.indexOf(name)), 1);
  }
  return shown;
}

function cutTo(cell: string, room: number): string {
  return widthOf(cell) <= room ? cell : stripVTControlCharacters(cell).slice(0, room);
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
