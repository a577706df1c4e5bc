/** Which rows a figure is about. The tenant comes from the credential and is bound in every query. */
import type { Clickhouse } from './clickhouse.ts';
import { clickhouseFailure, clickhouseUnavailable } from './clickhouse-failure.ts';

export interface Scope {
  readonly tenant: string;
  readonly journey: string;
  /** Absent: all versions. */
  readonly version?: number;
  /** Epoch milliseconds: facts that happened at or after it. */
  readonly from?: number;
  /** Epoch milliseconds: facts that happened before it. */
  readonly to?: number;
}

/**
 * What every query reads from. FINAL leaves one copy of each fact however often it was inserted; copies never lie in two months, so
 * months are read apart.
 */
export const factsInScope = `
  FROM {database:Identifier}.history FINAL
  WHERE tenant = {tenant:String}
    AND journey = {journey:String}
    AND ({version:UInt32} = 0 OR version = {version:UInt32})
    AND at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC')
    AND at < fromUnixTimestamp64Milli({to:Int64}, 'UTC')`;

/** The end of what the column of times can hold, in the year 2299. */
const endOfTime = 10_413_791_999_000;

/**
 * Values go beside the statement, each with its type: nothing that a caller gives becomes part of a statement.
 *
 * @throws KalciferError `clickhouse.unavailable`
 */
export async function readFigures<Row>(
  { client, database }: Clickhouse,
  { tenant, journey, version = 0, from = 0, to = endOfTime }: Scope,
  query: string,
  params: Readonly<Record<string, readonly string[]>> = {},
): Promise<readonly Row[]> {
  try {
    const answer = await client.query({
      query,
      query_params: { database, tenant, journey, version, from, to, ...params },
      format: 'JSONEachRow',
      clickhouse_settings: {
        output_format_json_quote_64bit_integers: 0,
        do_not_merge_across_partitions_select_final: 1,
      },
    });
    return await answer.json<Row>();
  } catch (error) {
    throw clickhouseUnavailable(clickhouseFailure(error));
  }
}
