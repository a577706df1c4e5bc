/** `kalcifer caps`: shows or replaces the tenant's frequency caps. */
import type { Command } from 'commander';
import type { JsonObject } from '../../lib/json.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { apiClient, withApiOptions, type ApiClientOptions } from '../api-client.ts';

interface CapsOptions extends ApiClientOptions {
  readonly none?: boolean;
}

export function addCapsCommand(program: Command): void {
  withApiOptions(
    program
      .command('caps')
      .description('Show how many messages a customer may get from all journeys, or set it')
      .argument('[cap...]', 'what to set instead: email=3/1d all=5/1w')
      .option('--none', 'set no caps'),
  ).action(async (written: readonly string[], { none = false, url }: CapsOptions) => {
    if (none && written.length > 0) {
      throw new KalciferError('caps.invalid', 'Name caps, or set none with --none: not both.');
    }
    const caps = written.map(capOf);
    const api = apiClient({ url });
    const answer =
      caps.length > 0 || none
        ? await api.call('PUT', '/v1/frequency-caps', { caps })
        : await api.call('GET', '/v1/frequency-caps');
    process.stdout.write(tellCaps(answer));
  });
}

/** `email=3/1d`; what is wrong inside is told by the API. */
function capOf(written: string): JsonObject {
  const [, channel, max, window] = /^(\w+)=(\d+)\/(\w+)$/.exec(written) ?? [];
  if (channel === undefined || max === undefined || window === undefined) {
    throw new KalciferError(
      'caps.invalid',
      `"${written}" is not a cap; write channel=messages/time, for example email=3/1d.`,
    );
  }
  return { channel, max: Number(max), window };
}

function tellCaps(answer: JsonObject): string {
  const caps = answer.caps as unknown as readonly {
    readonly channel: string;
    readonly max: number;
    readonly window: string;
  }[];
  if (caps.length === 0) return 'no caps\n';
  return caps.map(({ channel, max, window }) => `${channel}=${max}/${window}\n`).join('');
}
