/** The HTTP API over the real engine and executor, on a table in memory and a virtual clock; requests never touch a socket. */
import { createMemoryTable } from '../../lib/adapters/local/memory-table.ts';
import { listOutbox, outboxChannel } from '../../lib/adapters/local/outbox.ts';
import { createApi } from '../../lib/api/app.ts';
import { createApiKey } from '../../lib/api/api-keys.ts';
import { embeddedEngine, type EmbeddedEngine } from '../../lib/local/embedded-engine.ts';
import { inboxChannel } from '../../lib/engine/sends/inbox-channel.ts';
import type { Channels } from '../../lib/ports/channel.ts';
import { configuredChannels } from '../../lib/ports/configured-channels.ts';
import type { Item, Table, WriteGroup } from '../../lib/ports/table.ts';
import { seededChance, seededIds } from '../../lib/testkit/seeded-chance.ts';
import { virtualClock, type VirtualClock } from '../../lib/testkit/virtual-clock.ts';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into any answer
  readonly body: any;
}

export interface ApiHarness extends EmbeddedEngine {
  readonly table: CountedTable;
  readonly clock: VirtualClock;
  /** Keys of two tenants. */
  readonly keys: { readonly T1: string; readonly T2: string };
  readonly reported: unknown[];
  /** A request in the name of T1 unless another key is given; objects are sent as JSON, texts as they are. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** As a server would hand requests over. */
  fetch(request: Request): Response | Promise<Response>;
  /** Lets the executor finish what is due. */
  settle(): Promise<void>;
}

/** Notes every group of writes, and can be made to fail. */
interface CountedTable extends Table {
  readonly groups: WriteGroup[];
  failWith(error: Error | undefined): void;
}

/**
 * @param channels instead of an outbox for mails and the inbox
 * @param keptIn instead of a table in memory
 */
export async function apiHarness(
  channels?: Channels,
  keptIn: Table = createMemoryTable(),
): Promise<ApiHarness> {
  const table = countedTable(keptIn);
  const clock = virtualClock(Date.parse('2026-01-01T00:00:00Z'));
  const chance = seededChance(1);
  const ids = seededIds(chance);
  const reported: unknown[] = [];
  const outbox = outboxChannel({ table, clock, ids });
  const inbox = inboxChannel({ table, clock, ids });
  const engine = embeddedEngine({
    table,
    clock,
    chance,
    ids,
    channels: channels ?? configuredChannels({ email: { outbox }, in_app: { inbox } }),
    process: { id: 'p', mayBeAlive: () => true },
    onError: ({ error }) => reported.push(error),
    templatesMustExist: true,
  });
  const app = createApi({
    ctx: engine.ctx,
    outbox: { list: (of) => listOutbox(table, of) },
    release: '0.0.0-test',
    report: (error) => reported.push(error),
  });
  const keys = {
    T1: await createApiKey(table, { tenant: 'T1', name: 'test' }, clock.now()),
    T2: await createApiKey(table, { tenant: 'T2', name: 'test' }, clock.now()),
  };
  table.groups.length = 0;
  return {
    ...engine,
    table,
    clock,
    keys,
    reported,
    call: async (method, path, body, headers = {}) => {
      const response = await app.request(path, {
        method,
        headers: { 'x-api-key': keys.T1, 'content-type': 'application/json', ...headers },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: await response.json() };
    },
    fetch: (request) => app.fetch(request),
    settle: async () => {
      for (let quiet = 0; quiet < 5;) {
        await new Promise((resolve) => setImmediate(resolve));
        const { functionsRunning, functionsWaiting, unstored } = engine.executor.activity();
        quiet = functionsRunning + functionsWaiting + unstored === 0 ? quiet + 1 : 0;
      }
    },
  };
}

function countedTable(table: Table): CountedTable {
  const groups: WriteGroup[] = [];
  let failure: Error | undefined;
  const orFail = <Result>(work: () => Promise<Result>): Promise<Result> =>
    failure === undefined ? work() : Promise.reject(failure);
  return {
    groups,
    failWith: (error) => {
      failure = error;
    },
    get: (key) => orFail((): Promise<Item | undefined> => table.get(key)),
    query: (query) => orFail(() => table.query(query)),
    queryIndex: (query) => orFail(() => table.queryIndex(query)),
    write: (group) => {
      groups.push(group);
      return orFail(() => table.write(group));
    },
  };
}
