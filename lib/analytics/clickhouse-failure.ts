/**
 * What a failed call of ClickHouse means. The words of the error are left behind, because they repeat what was sent; its code and
 * its name say enough.
 */
import { ClickHouseError } from '@clickhouse/client';
import { KalciferError } from '../kalcifer-error.ts';

export interface ClickhouseFailure {
  readonly kind:
    /** The rows are such that no table takes them; all others may be fine. */
    | 'bad_rows'
    /** Our tables are not there. */
    | 'no_schema'
    /** Anything else: away, busy, read-only, a wrong password. Trying again is right, and a person may have to help. */
    | 'unavailable';
  /** Safe to show: `CANNOT_PARSE_UUID (376)`, `ECONNREFUSED`. */
  readonly what: string;
}

export function clickhouseFailure(error: unknown): ClickhouseFailure {
  if (error instanceof ClickHouseError) {
    const code = Number(error.code);
    const what = `${error.type ?? 'UNKNOWN'} (${error.code})`;
    if (badRowCodes.has(code)) return { kind: 'bad_rows', what };
    return { kind: schemaCodes.has(code) ? 'no_schema' : 'unavailable', what };
  }
  const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
  const said = typeof code === 'string' ? code : name;
  return { kind: 'unavailable', what: typeof said === 'string' ? said : 'Error' };
}

export function clickhouseUnavailable({ what }: ClickhouseFailure): KalciferError {
  return new KalciferError('clickhouse.unavailable', `ClickHouse does not do it now: ${what}.`);
}

/** Errors of parsing and converting a value, by the numbers that ClickHouse has had for them ever since. */
const badRowCodes: ReadonlySet<number> = new Set([
  6, // CANNOT_PARSE_TEXT
  25, // CANNOT_PARSE_ESCAPE_SEQUENCE
  26, // CANNOT_PARSE_QUOTED_STRING
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  38, // CANNOT_PARSE_DATE
  41, // CANNOT_PARSE_DATETIME
  53, // TYPE_MISMATCH
  69, // ARGUMENT_OUT_OF_BOUND
  70, // CANNOT_CONVERT_TYPE
  72, // CANNOT_PARSE_NUMBER
  117, // INCORRECT_DATA
  131, // TOO_LARGE_STRING_SIZE
  321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  376, // CANNOT_PARSE_UUID
  407, // DECIMAL_OVERFLOW
  467, // CANNOT_PARSE_BOOL
]);

const schemaCodes: ReadonlySet<number> = new Set([
  16, // NO_SUCH_COLUMN_IN_TABLE
  60, // UNKNOWN_TABLE
  81, // UNKNOWN_DATABASE
]);
