/**
 * What `kalcifer dev` does: the embedded runtime on a folder of this machine, the sample journeys, the HTTP API, and one customer walking
 * through the welcome series in front of the reader's eyes.
 */
import { resolve } from 'node:path';
import { smtpChannel } from '../../lib/adapters/local/smtp-channel.ts';
import { parseSmtpUrl } from '../../lib/adapters/local/smtp-url.ts';
import { createApi } from '../../lib/api/app.ts';
import { serveHttp, type HttpServer } from '../../lib/local/http-server.ts';
import { openRuntime, type Runtime } from '../../lib/local/runtime.ts';
import { systemClock } from '../../lib/adapters/system/system-clock.ts';
import type { ProvidersByChannel } from '../../lib/ports/configured-channels.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { developmentKey, developmentTenant } from './development-key.ts';
import { release } from '../../lib/release.ts';
import { publishWhenChanged, sampleJourneys, saveSampleTemplates } from '../samples.ts';
import { interrupted } from '../terminal/interrupted.ts';
import { paint } from '../terminal/paint.ts';
import { tellNextSteps } from './tell-next-steps.ts';
import { walkWelcome } from './walk.ts';

export interface DevOptions {
  readonly folder: string;
  readonly port: number;
  /** May hold a password: never shown. */
  readonly smtp?: string;
  readonly mailFrom: string;
  readonly once?: boolean;
  readonly walk: boolean;
  readonly newKey?: boolean;
  readonly webhooksTo?: string;
  readonly customCode: boolean;
}

export async function runDev(options: DevOptions): Promise<void> {
  const say = (line = ''): void => void process.stdout.write(`${line}\n`);
  const folder = resolve(options.folder);
  say(`${paint('bold', 'Kalcifer')} ${release}: customer journeys, running on this machine`);
  say();
  const divertWebhooksTo = originOf(options.webhooksTo);
  const runtime = await openRuntime({
    folder,
    onError: reportError,
    channels: providersOf(options),
    customCode: options.customCode,
    ...(divertWebhooksTo === undefined ? {} : { divertWebhooksTo }),
  });
  const stop = interrupted();
  let server: HttpServer | undefined;
  try {
    server = await serveApi(runtime, options.port);
    const key = await developmentKey(runtime, { another: options.newKey === true });
    await bringSamples(runtime, say);
    tellWhere(say, folder, server, runtime);
    if (options.smtp !== undefined)
      say(`  ${paint('dim', 'mails')}     ${mailServer(options.smtp)}`);
    if (key !== undefined)
      say(`  ${paint('dim', 'API key')}   ${paint('green', key)}  (shown this once)`);
    say();
    const walked = options.walk ? await Promise.race([walkWelcome(runtime, say), stop]) : undefined;
    if (options.once === true && walked !== 'stop') return;
    if (walked !== 'stop') {
      tellNextSteps(say, {
        url: server.url,
        ...(key === undefined ? {} : { key }),
        ...(walked ?? {}),
      });
      await stop;
    }
    say('Stopping; everything is kept, and goes on with the next start.');
  } finally {
    await server?.close();
    await runtime.close();
  }
}

/** Mails by SMTP where that is wanted; everything else, and mails by provider `outbox`, is recorded. */
function providersOf({ smtp: url, mailFrom: from }: DevOptions): ProvidersByChannel {
  return url === undefined
    ? {}
    : { email: { smtp: smtpChannel({ url, from, clock: systemClock() }) } };
}

async function serveApi(runtime: Runtime, port: number): Promise<HttpServer> {
  const app = createApi({
    ctx: runtime.ctx,
    outbox: runtime.outbox,
    release,
    report: reportError,
  });
  return serveHttp((request) => app.fetch(request), { host: '127.0.0.1', port });
}

async function bringSamples(runtime: Runtime, say: (line: string) => void): Promise<void> {
  const tenant = developmentTenant;
  await saveSampleTemplates(runtime.ctx, tenant);
  for (const { journey, graph } of await sampleJourneys()) {
    const { version, isNew } = await publishWhenChanged(runtime.ctx, { tenant, journey, graph });
    const what = isNew ? paint('green', 'published') : paint('dim', 'is there ');
    say(`  ${what} ${journey} v${version}`);
  }
}

function tellWhere(
  say: (line: string) => void,
  folder: string,
  server: HttpServer,
  { recovered }: Runtime,
): void {
  say(`  ${paint('dim', 'data')}      ${folder}`);
  say(`  ${paint('dim', 'HTTP API')}  ${server.url}  (description: ${server.url}/openapi.json)`);
  const resumed = recovered.resumed + recovered.promises;
  if (resumed > 0) say(`  ${paint('dim', 'recovered')} ${resumed} executions of the run before`);
}

/** Host and port, and nothing else of the URL. */
function mailServer(url: string): string {
  const { host, port } = parseSmtpUrl(url);
  return `go to the mail server at ${host}:${port}`;
}

function reportError(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${paint('yellow', 'trouble', process.stderr)} ${text}\n`);
}

/** @throws KalciferError `input.invalid` */
function originOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.origin;
  throw new KalciferError(
    'input.invalid',
    `--webhooks-to takes an origin such as http://127.0.0.1:9000, not "${text}".`,
  );
}
