/** What runs statements behind ClickHouse's HTTP protocol: chdb, or a stand-in of tests. */

export interface ClickhouseEngine {
  /** Sessions run beside each other; settings, parameters and the current database of one are its own. */
  openSession(): ClickhouseSession;
  /** Resolves when nothing runs any more. */
  close(): Promise<void>;
}

export interface ClickhouseSession {
  /**
   * Runs one statement after those before it. What it answers comes in pieces, the first as soon as it is certain that the statement
   * can be run.
   *
   * @param format of the answer, when the statement names none
   * @throws EngineError
   */
  run(statement: string, format: string): AsyncIterable<Uint8Array>;
  close(): void;
}

/** As ClickHouse words it: `Code: 60. DB::Exception: ... (UNKNOWN_TABLE)`. */
export class EngineError extends Error {
  readonly code: number;

  constructor(message: string) {
    super(message);
    this.name = 'EngineError';
    this.code = Number(/^Code: (\d+)/.exec(message)?.[1] ?? unknownExceptionCode);
  }
}

/** UNKNOWN_EXCEPTION */
const unknownExceptionCode = 1002;

/** An error of our own, worded as ClickHouse would. */
export function engineError(code: number, name: string, message: string): EngineError {
  return new EngineError(`Code: ${code}. DB::Exception: ${message} (${name})`);
}
