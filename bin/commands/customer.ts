/** `kalcifer customer`: what a customer wants to get and has in the inbox, and changing the former. */
import type { Command } from 'commander';
import type { JsonObject } from '../../lib/json.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { apiClient, withApiOptions, type ApiClient, type ApiClientOptions } from '../api-client.ts';

interface CustomerOptions extends ApiClientOptions {
  readonly inbox?: boolean;
}

export function addCustomerCommand(program: Command): void {
  withApiOptions(
    program
      .command('customer')
      .description('Show a profile with its preferences, change preferences, or show the inbox')
      .argument('<customer>', 'the id')
      .argument('[preference...]', 'what to change: email=no sms=yes')
      .option('--inbox', 'show the in-app messages instead'),
  ).action(
    async (customer: string, written: readonly string[], { inbox, url }: CustomerOptions) => {
      const preferences = Object.fromEntries(written.map(preferenceOf));
      const api = apiClient({ url });
      const path = `/v1/customers/${encodeURIComponent(customer)}`;
      if (written.length > 0) await api.call('PUT', path, { preferences });
      process.stdout.write(
        inbox === true
          ? await tellInbox(api, path)
          : `${JSON.stringify(await api.call('GET', path), null, 2)}\n`,
      );
    },
  );
}

/** `email=no`; whether there is such a channel is told by the API. */
function preferenceOf(written: string): readonly [string, boolean] {
  const [, channel, wanted] = /^(\w+)=(yes|no)$/.exec(written) ?? [];
  if (channel === undefined) {
    throw new KalciferError(
      'preference.invalid',
      `"${written}" is not a preference; write channel=yes or channel=no, for example email=no.`,
    );
  }
  return [channel, wanted === 'yes'];
}

async function tellInbox(api: ApiClient, path: string): Promise<string> {
  const lines: string[] = [];
  let after = '';
  do {
    const page: JsonObject = await api.call('GET', `${path}/inbox${after}`);
    for (const message of page.messages as unknown as readonly InboxLine[])
      lines.push(tell(message));
    after = typeof page.next === 'string' ? `?after=${encodeURIComponent(page.next)}` : '';
  } while (after !== '');
  return lines.length === 0 ? 'no messages\n' : lines.join('');
}

interface InboxLine {
  readonly at: string;
  readonly subject?: string;
  readonly body: string;
  readonly read_at?: string;
}

function tell({ at, subject, body, read_at: readAt }: InboxLine): string {
  const state = readAt === undefined ? 'new ' : 'read';
  return `${at}  ${state}  ${subject === undefined ? '' : `${subject}: `}${body}\n`;
}
