/**
 * The tables in ClickHouse, as numbered migrations. Each statement may run twice and beside itself; whoever finds them applied needs
 * no right to create anything.
 */
import type { Clickhouse } from './clickhouse.ts';
import { clickhouseFailure, clickhouseUnavailable } from './clickhouse-failure.ts';

/**
 * One row per fact. A fact may be inserted many times: by a batch that is repeated because its answer was lost, by one of which half
 * was stored, by messages that a queue delivers again. All copies have the same sorting key and lie in the same month, so merges
 * leave one of them, and reading with FINAL sees one at any time. Nothing is counted while it is inserted: a materialised view would
 * count every copy.
 *
 * The tenant comes first, so that reading one touches no other; parts are by month, because one insert may hold rows of any number
 * of tenants.
 */
const historyTable = `
  CREATE TABLE IF NOT EXISTS {database:Identifier}.history
  (
    tenant     LowCardinality(String),
    journey    LowCardinality(String),
    version    UInt32,
    kind       LowCardinality(String),
    node       LowCardinality(String),
    event_id   UUID,
    at         DateTime64(3, 'UTC'),
    instance   String,
    customer   String,
    node_type  LowCardinality(String),
    branch     LowCardinality(String),
    status     LowCardinality(String),
    reason     LowCardinality(String),
    started_at Nullable(DateTime64(3, 'UTC')),
    channel    LowCardinality(String),
    provider   LowCardinality(String),
    attempts   UInt16,
    name       LowCardinality(String),
    value      Nullable(Float64),
    epoch      UInt32
  )
  ENGINE = ReplacingMergeTree
  PARTITION BY toYYYYMM(at)
  ORDER BY (tenant, journey, version, kind, node, event_id)`;

const migrationsTable = `
  CREATE TABLE IF NOT EXISTS {database:Identifier}.migrations
  (
    version    UInt32,
    applied_at DateTime DEFAULT now()
  )
  ENGINE = ReplacingMergeTree
  ORDER BY version`;

/** Applied in this order; only ever added to. */
const migrations: readonly (readonly string[])[] = [
  ['CREATE DATABASE IF NOT EXISTS {database:Identifier}', migrationsTable, historyTable],
];

/**
 * Brings the tables to what this release knows; tables of a later release stay as they are.
 *
 * @throws KalciferError `clickhouse.unavailable`
 */
export async function prepareSchema(clickhouse: Clickhouse): Promise<void> {
  try {
    const applied = await appliedVersion(clickhouse);
    for (const [place, statements] of migrations.entries()) {
      const version = place + 1;
      if (version <= applied) continue;
      for (const statement of statements) await command(clickhouse, statement);
      await command(
        clickhouse,
        'INSERT INTO {database:Identifier}.migrations (version) SELECT {version:UInt32}',
        { version },
      );
    }
  } catch (error) {
    throw clickhouseUnavailable(clickhouseFailure(error));
  }
}

async function appliedVersion({ client, database }: Clickhouse): Promise<number> {
  try {
    const answer = await client.query({
      query: 'SELECT max(version) AS version FROM {database:Identifier}.migrations',
      query_params: { database },
      format: 'JSONEachRow',
    });
    const [row] = await answer.json<{ version: number }>();
    return row?.version ?? 0;
  } catch (error) {
    if (clickhouseFailure(error).kind === 'no_schema') return 0;
    throw error;
  }
}

async function command(
  { client, database }: Clickhouse,
  query: string,
  params: Readonly<Record<string, number>> = {},
): Promise<void> {
  await client.command({ query, query_params: { database, ...params } });
}
