/** `kalcifer instance`: where a customer is in a journey and why, and pausing, resuming or taking them out by hand. */
import type { Command } from 'commander';
import type { JsonObject } from '../../lib/json.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { apiClient, withApiOptions, type ApiClientOptions } from '../api-client.ts';

interface InstanceOptions extends ApiClientOptions {
  readonly pause?: boolean;
  readonly resume?: boolean;
  readonly cancel?: boolean;
}

const interventions = ['pause', 'resume', 'cancel'] as const;

export function addInstanceCommand(program: Command): void {
  withApiOptions(
    program
      .command('instance')
      .description('Show where a customer is in a journey, and why; or intervene')
      .argument('<instance>', 'its id, as enrolling or an event answered it')
      .option('--pause', 'let nothing more begin until it is resumed')
      .option('--resume', 'go on after a pause')
      .option('--cancel', 'take the customer out'),
  ).action(async (instance: string, options: InstanceOptions) => {
    const wanted = interventions.filter((name) => options[name] === true);
    if (wanted.length > 1) {
      throw new KalciferError(
        'instance.one_thing',
        'Ask for one of --pause, --resume and --cancel.',
      );
    }
    const api = apiClient(options);
    const path = `/v1/instances/${encodeURIComponent(instance)}`;
    for (const name of wanted) await api.call('POST', `${path}/${name}`);
    process.stdout.write(tellTimeline(await api.call('GET', `${path}/timeline`)));
  });
}

interface Timeline {
  readonly instance: {
    readonly id: string;
    readonly journey: string;
    readonly version: number;
    readonly customer_id: string;
    readonly status: string;
    readonly exit_reason?: string;
  };
  readonly steps: readonly {
    readonly node: string;
    readonly status: string;
    readonly reason: string;
    readonly started_at: string;
  }[];
  readonly interventions: readonly { readonly note: string; readonly at: string }[];
}

function tellTimeline(answer: JsonObject): string {
  const { instance, steps, interventions: done } = answer as unknown as Timeline;
  const { id, journey, version, customer_id: customer, status, exit_reason: reason } = instance;
  const why = reason === undefined ? '' : ` (${reason})`;
  const lines = [
    ...steps.map((step) => ({
      at: step.started_at,
      text: `${step.status.padEnd(9)}  ${step.node}: ${step.reason}`,
    })),
    ...done.map(({ at, note }) => ({ at, text: note })),
  ].toSorted((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
  return [
    `${id}: ${customer} in ${journey} v${version} is ${status}${why}`,
    ...lines.map(({ at, text }) => `  ${at}  ${text}`),
    '',
  ].join('\n');
}
