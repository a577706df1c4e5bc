/** `kalcifer clickhouse` as a process of its own, on a folder of the test: what stands for a ClickHouse server where there is none. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connectClickhouse, type Clickhouse } from '../../lib/analytics/clickhouse.ts';
import { startCli } from './run-cli.ts';

export interface ClickhouseProcess {
  readonly url: string;
  readonly clickhouse: Clickhouse;
  /** As an operator stops it, or as a power cut does. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** @param port where an earlier one of this test was, so that its clients find it again */
export async function startClickhouse(
  folder: string,
  { port = 0, environment = {} }: { port?: number; environment?: Record<string, string> } = {},
): Promise<ClickhouseProcess> {
  const args = ['clickhouse', '--install', '--folder', folder, '--port', String(port)];
  const child = startCli(args, environment);
  const url = await urlOf(child);
  const clickhouse = connectClickhouse({ url });
  return {
    url,
    clickhouse,
    end: async (signal) => {
      await clickhouse.client.close();
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}

async function urlOf(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const [, url] = /on (http:\S+),/.exec(said) ?? [];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', () => reject(new Error(`kalcifer clickhouse did not start:\n${said}`)));
  });
}
