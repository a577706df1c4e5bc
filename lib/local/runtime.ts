/**
 * The embedded runtime: everything that Kalcifer needs on one machine, on one folder. It recovers what a process before it left,
 * keeps promises and runs schedules every minute, and removes garbage. This is a composition root: it names the adapters.
 */
import { join } from 'node:path';
import { createLmdbTable } from '../adapters/local/lmdb-table.ts';
import {
  listOutbox,
  outboxChannel,
  type OutboxPage,
  type OutboxQuery,
} from '../adapters/local/outbox.ts';
import { webCaller } from '../adapters/webhook/web-caller.ts';
import { webhookChannel } from '../adapters/webhook/webhook-channel.ts';
import { quickjsCodeRunner } from '../adapters/quickjs/code-runner.ts';
import type { EngineContext } from '../engine/engine-context.ts';
import { inboxChannel } from '../engine/sends/inbox-channel.ts';
import { runSchedules } from '../engine/segments/run-schedules.ts';
import { sweep, type Swept } from '../engine/sweep.ts';
import { readOrCreateSecret, readSecret, webhookSigningSecret } from '../engine/secrets/secrets.ts';
import { channelNames } from '../journey/channel-name.ts';
import type { Channel, Channels } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';
import { configuredChannels, type ProvidersByChannel } from '../ports/configured-channels.ts';
import type { Table } from '../ports/table.ts';
import { openDataFolder } from './data-folder.ts';
import { embeddedEngine } from './embedded-engine.ts';
import type { Executor } from './executor/executor.ts';
import { systemClock } from '../adapters/system/system-clock.ts';
import { systemChance, systemIds } from '../adapters/system/system-ids.ts';

export interface RuntimeOptions {
  /** Where everything is kept; created when absent. */
  readonly folder: string;
  /**
   * Providers by channel and name, the first of each channel being its default. Every channel also has the `outbox`, which
   * records messages instead of sending them; `in_app` has the `inbox`, and `webhook` calls where it is drawn to go.
   */
  readonly channels?: ProvidersByChannel;
  /** For development: webhooks go to this origin, such as `http://127.0.0.1:9000`, instead of where they are drawn to go. */
  readonly divertWebhooksTo?: string;
  /** Hears of everything that goes wrong with nobody to tell. */
  readonly onError: (error: unknown) => void;
  readonly templatesMustExist?: boolean;
  /** Whether journeys may run JavaScript; default true. */
  readonly customCode?: boolean;
}

export interface Runtime {
  readonly ctx: EngineContext;
  readonly executor: Executor;
  readonly table: Table;
  readonly clock: Clock;
  /** What was recorded instead of sent. */
  readonly outbox: { list(of: OutboxQuery): Promise<OutboxPage> };
  /** What was taken up from the process before. */
  readonly recovered: { readonly resumed: number; readonly promises: number };
  close(): Promise<void>;
}

/**
 * @throws KalciferError `data_folder.*` when the folder is locked by another process, damaged, or not ours; nothing is changed then
 */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const folder = await openDataFolder(options.folder);
  const lmdb = await createLmdbTable({ folder: join(options.folder, 'table') });
  const { table } = lmdb;
  const clock = systemClock();
  const ids = systemIds();
  const processId = ids.next(clock.now());
  const outbox = outboxChannel({ table, clock, ids });
  const code = options.customCode === false ? undefined : quickjsCodeRunner({ clock });
  const { ctx, executor } = embeddedEngine({
    table,
    clock,
    ids,
    chance: systemChance(),
    channels: allChannels(options.channels ?? {}, outbox, {
      in_app: { inbox: inboxChannel({ table, clock, ids }) },
      webhook: { https: callingChannel({ table, clock }, options.divertWebhooksTo) },
    }),
    process: { id: processId, mayBeAlive: (process) => process === processId },
    onError: (report) => options.onError(report.error),
    templatesMustExist: options.templatesMustExist ?? true,
    ...(code === undefined ? {} : { code }),
  });
  const swept = await sweep(ctx, { olderThanMs: 0 });
  swept.failures.forEach(options.onError);
  const { resumed } = await executor.recover();
  const cancelSchedules = everyMinute(clock, options.onError, async () => {
    await runSchedules(ctx);
  });
  const cancelHousekeeping = everyMinute(clock, options.onError, async () => {
    const { failures } = await sweep(ctx);
    failures.forEach(options.onError);
    await lmdb.purgeExpired(clock.now());
  });
  return {
    ctx,
    executor,
    table,
    clock,
    outbox: { list: (of) => listOutbox(table, of) },
    recovered: { resumed, promises: sumOf(swept) },
    close: async () => {
      cancelSchedules();
      cancelHousekeeping();
      await executor.close();
      await code?.close();
      await lmdb.close();
      await folder.close();
    },
  };
}

function allChannels(
  given: ProvidersByChannel,
  outbox: Channel,
  builtIn: ProvidersByChannel,
): Channels {
  const providers = channelNames.map((name) => [
    name,
    { ...given[name], ...builtIn[name], outbox },
  ]);
  return configuredChannels(Object.fromEntries(providers) as ProvidersByChannel);
}

function sumOf(swept: Swept): number {
  return swept.admitted + swept.started + swept.answered + swept.stopped + swept.looked;
}

function callingChannel(
  ports: { readonly table: Table; readonly clock: Clock },
  divertTo: string | undefined,
): Channel {
  const { clock } = ports;
  return webhookChannel({
    clock,
    call: webCaller({ clock, ...(divertTo === undefined ? {} : { divertTo }) }),
    secretOf: (tenant, secret) => readSecret(ports, { tenant, secret }),
    signingSecretOf: (tenant) =>
      readOrCreateSecret(ports, { tenant, secret: webhookSigningSecret }),
  });
}

const housekeepingMs = 60_000;

function everyMinute(
  clock: Clock,
  onError: (error: unknown) => void,
  work: () => Promise<void>,
): () => void {
  let cancel = (): void => undefined;
  const again = (): void => {
    cancel = clock.wakeAt(clock.now() + housekeepingMs, () => {
      work().catch(onError).finally(again);
    });
  };
  again();
  return () => cancel();
}
