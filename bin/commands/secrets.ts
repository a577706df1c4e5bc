/** `kalcifer secrets`: names the tenant's secrets, and sets, makes or forgets one. A value never stands on the command line. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { JsonObject } from '../../lib/json.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { apiClient, withApiOptions, type ApiClient, type ApiClientOptions } from '../api-client.ts';

interface SecretsOptions extends ApiClientOptions {
  readonly from?: string;
  readonly forget?: boolean;
}

export function addSecretsCommand(program: Command): void {
  withApiOptions(
    program
      .command('secrets')
      .description('Name the secrets that webhooks and providers use, or set one')
      .argument('[name]', 'which to set; without --from a value is made, and shown this once')
      .option('--from <file>', 'read the value from a file; - reads what is piped in')
      .option('--forget', 'remove it'),
  ).action(async (name: string | undefined, options: SecretsOptions) => {
    const api = apiClient(options);
    process.stdout.write(name === undefined ? await list(api) : await change(api, name, options));
  });
}

async function list(api: ApiClient): Promise<string> {
  const { secrets } = await api.call('GET', '/v1/secrets');
  const notes = secrets as unknown as readonly { readonly secret: string; set_at: string }[];
  if (notes.length === 0) return 'no secrets\n';
  return notes.map(({ secret, set_at: at }) => `${secret}  set ${at}\n`).join('');
}

async function change(
  api: ApiClient,
  name: string,
  { from, forget = false }: SecretsOptions,
): Promise<string> {
  const path = `/v1/secrets/${encodeURIComponent(name)}`;
  if (forget) {
    await api.call('DELETE', path);
    return `${name} is forgotten\n`;
  }
  const body: JsonObject = from === undefined ? {} : { value: await valueIn(from) };
  const { value } = await api.call('PUT', path, body);
  return typeof value === 'string' ? `${value}\n` : `${name} is set\n`;
}

/** Without the line break at the end, which editors add. */
async function valueIn(file: string): Promise<string> {
  try {
    const value = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');
    return value.replace(/\r?\n$/, '');
  } catch (cause) {
    throw new KalciferError('file.unreadable', `The file "${file}" cannot be read.`, { cause });
  }
}
