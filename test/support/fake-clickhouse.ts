/** A ClickHouse that answers as a test says, served over HTTP to ClickHouse's own client; it notes what each request came to. */
import { onTestFinished } from 'vitest';
import { connectClickhouse, type Clickhouse } from '../../lib/analytics/clickhouse.ts';
import type { ClickhouseEngine } from '../../lib/local/clickhouse/clickhouse-engine.ts';
import { clickhouseProtocol } from '../../lib/local/clickhouse/clickhouse-protocol.ts';
import { serveHttp } from '../../lib/local/http-server.ts';

interface Asked {
  /** Statements that set something, in order, and the one that was asked for. */
  readonly set: readonly string[];
  readonly statement: string;
}

/** Answers the pieces of the result, or throws an `EngineError`. */
export type Answering = (statement: string, format: string) => Iterable<string> | string;

export interface FakeEngine extends ClickhouseEngine {
  readonly asked: Asked[];
  /** Sessions that were opened and not closed. */
  open(): number;
}

export function fakeEngine(answer: Answering = () => ''): FakeEngine {
  const asked: Asked[] = [];
  let open = 0;
  return {
    asked,
    open: () => open,
    openSession: () => {
      const set: string[] = [];
      open += 1;
      return {
        run: async function* (statement, format) {
          await Promise.resolve();
          if (/^(SET|USE) /.test(statement)) {
            set.push(statement);
            return;
          }
          asked.push({ set, statement });
          const pieces = answer(statement, format);
          for (const piece of typeof pieces === 'string' ? [pieces] : pieces) {
            yield new TextEncoder().encode(piece);
          }
        },
        close: () => {
          open -= 1;
        },
      };
    },
    close: () => Promise.resolve(),
  };
}

export async function fakeClickhouse(
  answer?: Answering,
): Promise<{ readonly clickhouse: Clickhouse; readonly engine: FakeEngine }> {
  const engine = fakeEngine(answer);
  const server = await serveHttp(clickhouseProtocol({ engine }), { host: '127.0.0.1', port: 0 });
  const clickhouse = connectClickhouse({ url: server.url });
  onTestFinished(async () => {
    await clickhouse.client.close();
    await server.close();
  });
  return { clickhouse, engine };
}
