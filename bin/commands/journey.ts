/** `kalcifer journey`: whether a journey takes people in, and pausing, resuming or archiving it. */
import type { Command } from 'commander';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { apiClient, withApiOptions, type ApiClientOptions } from '../api-client.ts';

interface JourneyOptions extends ApiClientOptions {
  readonly pause?: boolean;
  readonly resume?: boolean;
  readonly archive?: boolean;
}

const changes = ['pause', 'resume', 'archive'] as const;

export function addJourneyCommand(program: Command): void {
  withApiOptions(
    program
      .command('journey')
      .description('Show whether a journey takes people in, or change it')
      .argument('<journey>', 'its id')
      .option('--pause', 'take nobody in; those inside go on')
      .option('--resume', 'take people in again')
      .option('--archive', 'take nobody in any more; those inside go on'),
  ).action(async (journey: string, options: JourneyOptions) => {
    const wanted = changes.filter((name) => options[name] === true);
    if (wanted.length > 1) {
      throw new KalciferError(
        'journey.one_thing',
        'Ask for one of --pause, --resume and --archive.',
      );
    }
    const api = apiClient(options);
    const path = `/v1/journeys/${encodeURIComponent(journey)}`;
    for (const name of wanted) await api.call('POST', `${path}/${name}`);
    const { status } = (await api.call('GET', path)) as { readonly status?: string };
    process.stdout.write(`${journey} is ${status ?? 'unknown'}\n`);
  });
}
