/**
 * ClickHouse inside this process, on a folder: chdb. It is large and not everybody needs it, so it is no dependency; whoever has it
 * passes it in.
 */
import { EngineError, type ClickhouseEngine, type ClickhouseSession } from './clickhouse-engine.ts';

/** What is used of the package `chdb`. */
export interface Chdb {
  readonly Session: new (folder: string) => ChdbSession;
  /** Resolves when no statement runs any more, also of sessions that were closed. */
  drainPending(): Promise<void>;
}

interface ChdbSession {
  queryAsync(statement: string, options: { format: string }): Promise<{ bytes(): Uint8Array }>;
  queryStream(statement: string, options: { format: string }): AsyncIterable<{ raw(): Uint8Array }>;
  close(): void;
}

/** @throws EngineError when the folder cannot be used, such as when another process has it */
export function chdbEngine(chdb: Chdb, folder: string): ClickhouseEngine {
  const open = (): ChdbSession => {
    try {
      return new chdb.Session(folder);
    } catch (error) {
      throw asEngineError(error);
    }
  };
  // As long as one session is open, the tables stay loaded.
  const keeper = open();
  return {
    openSession: () => sessionOf(open()),
    close: async () => {
      await chdb.drainPending();
      keeper.close();
      await chdb.drainPending();
    },
  };
}

function sessionOf(session: ChdbSession): ClickhouseSession {
  return {
    run: async function* (statement, format) {
      try {
        if (statement.trim() === '') return;
        if (mayStream(statement, format)) {
          try {
            for await (const piece of session.queryStream(statement, { format })) yield piece.raw();
            return;
          } catch (error) {
            // It is refused before anything was done.
            if (!isNotStreamable(error)) throw error;
          }
        }
        yield (await session.queryAsync(statement, { format })).bytes();
      } catch (error) {
        throw asEngineError(error);
      }
    },
    close: () => session.close(),
  };
}

/** Formats whose pieces, one after the other, are the whole: the others have a head or a foot. */
const streamable: ReadonlySet<string> = new Set([
  ...['JSONEachRow', 'JSONStringsEachRow', 'JSONCompactEachRow', 'JSONCompactStringsEachRow'],
  ...['TabSeparated', 'TSV', 'TabSeparatedRaw', 'TSVRaw', 'CSV', 'TSKV', 'RowBinary', 'Native'],
]);

function mayStream(statement: string, format: string): boolean {
  const reads = /^(?:\s|\(|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:select|with)\b/i.test(statement);
  const [, named = format] = /\bformat\s+(\w+)\s*;?\s*$/i.exec(statement) ?? [];
  return reads && streamable.has(named);
}

function isNotStreamable(error: unknown): boolean {
  return error instanceof Error && error.message.includes('Streaming query is not supported');
}

function asEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  return new EngineError(error instanceof Error ? error.message : String(error));
}
