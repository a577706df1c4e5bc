/**
 * Writes rows of history to ClickHouse, any number in one insert. It may be given rows that are there already, and rows of a batch of
 * which nobody knows how much was stored: they count once.
 */
import type { HistoryRow } from '../ports/history-sink.ts';
import type { Clickhouse } from './clickhouse.ts';
import { clickhouseFailure, clickhouseUnavailable } from './clickhouse-failure.ts';
import { prepareSchema } from './schema.ts';

export interface HistoryWriter {
  /**
   * All rows are stored when this resolves, except those that it answers: ClickHouse refuses them, each by itself, and would refuse
   * them again.
   *
   * @throws KalciferError `clickhouse.unavailable`: some rows may be stored, and writing all of them again is right
   */
  write(rows: readonly HistoryRow[]): Promise<readonly RefusedRow[]>;
}

interface RefusedRow {
  readonly row: HistoryRow;
  /** `CANNOT_PARSE_UUID (376)` */
  readonly why: string;
}

export function historyWriter(clickhouse: Clickhouse): HistoryWriter {
  let prepared: Promise<void> | undefined;

  const insert = async (rows: readonly HistoryRow[]): Promise<readonly RefusedRow[]> => {
    const failure = await tryInsert(clickhouse, rows);
    if (failure === undefined) return [];
    if (failure.kind !== 'bad_rows') {
      // Somebody may have dropped the tables: the next attempt looks.
      prepared = undefined;
      throw clickhouseUnavailable(failure);
    }
    const [row, ...others] = rows;
    if (row !== undefined && others.length === 0) return [{ row, why: failure.what }];
    const half = Math.ceil(rows.length / 2);
    const first = await insert(rows.slice(0, half));
    return [...first, ...(await insert(rows.slice(half)))];
  };

  return {
    write: async (rows) => {
      if (rows.length === 0) return [];
      prepared ??= prepareSchema(clickhouse);
      try {
        await prepared;
      } catch (error) {
        prepared = undefined;
        throw error;
      }
      return insert(rows);
    },
  };
}

async function tryInsert(
  { client, database }: Clickhouse,
  rows: readonly HistoryRow[],
): Promise<ReturnType<typeof clickhouseFailure> | undefined> {
  try {
    await client.insert({
      table: `\`${database}\`.history`,
      columns: columnNames,
      values: rows.map(columnsOf),
      format: 'JSONEachRow',
      clickhouse_settings: {
        // The answer says that the rows are stored, and a refused row is one of these.
        async_insert: 0,
        // Rows that waited long may be of many months.
        throw_on_max_partitions_per_insert_block: 0,
      },
    });
    return undefined;
  } catch (error) {
    return clickhouseFailure(error);
  }
}

const columns = {
  tenant: (row) => row.tenant,
  journey: (row) => row.journey,
  version: (row) => row.version,
  kind: (row) => row.kind,
  node: (row) => row.node ?? '',
  event_id: (row) => row.eventId,
  at: (row) => instant(row.at),
  instance: (row) => row.instance,
  customer: (row) => row.customer,
  node_type: (row) => row.nodeType ?? '',
  branch: (row) => row.branch ?? '',
  status: (row) => row.status ?? '',
  reason: (row) => row.reason ?? '',
  started_at: (row) => (row.startedAt === undefined ? null : instant(row.startedAt)),
  channel: (row) => row.channel ?? '',
  provider: (row) => row.provider ?? '',
  attempts: (row) => row.attempts ?? 0,
  name: (row) => row.name ?? '',
  value: (row) => row.value ?? null,
  epoch: (row) => row.epoch ?? 0,
} satisfies Readonly<Record<string, (row: HistoryRow) => string | number | null>>;

/** Named in each insert: a table that lacks one is not ready, which is no fault of the rows. */
const columnNames = Object.keys(columns) as [string, ...string[]];

function columnsOf(row: HistoryRow): Readonly<Record<string, string | number | null>> {
  return Object.fromEntries(Object.entries(columns).map(([name, of]) => [name, of(row)]));
}

/** `2026-01-01 00:00:00.123`, in UTC as the column is. */
function instant(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '');
}
