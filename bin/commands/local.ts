/** `kalcifer local`: the whole deployment on this machine, on an emulator of AWS. What each command does is in `bin/local/`. */
import type { Command } from 'commander';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { awsTarget, pointHere, type AwsTarget } from '../local/aws-target.ts';
import { localFolder, type LocalFolder } from '../local/local-folder.ts';
import { readObject } from '../read-option.ts';
import { wholeNumber } from '../whole-number.ts';

interface StageOptions {
  readonly stage: string;
}

export function addLocalCommand(program: Command): void {
  const local = program
    .command('local')
    .description('Run the deployment on an emulator of AWS: up, deploy, event, watch, down')
    .addHelpText(
      'after',
      '\nEndpoint, Region and keys come from the usual variables: AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.',
    );
  addUp(local);
  addDeploy(local);
  addEvent(local);
  addWatch(local);
  addDown(local);
}

function addUp(local: Command): void {
  local
    .command('up')
    .description('Start LocalStack and ClickHouse with Docker, or MiniStack without')
    .option('--ministack', 'MiniStack even where Docker is there', false)
    .option('--clickhouse', 'ClickHouse besides MiniStack, so that history is recorded', false)
    .option('--clickhouse-port <port>', 'its port', wholeNumber(1, 65_535), 8123)
    .action(
      async (options: { ministack: boolean; clickhouse: boolean; clickhousePort: number }) => {
        const { bringUp } = await import('../local/up.ts');
        await bringUp({ ...place(), ...options }, say);
      },
    );
}

function addDeploy(local: Command): void {
  withStage(local.command('deploy').description('Deploy the app to the emulator'))
    .option('--tenants <names>', 'tenants, separated by commas', 'default')
    .option(
      '--mail-from <address>',
      'sender of mails whose node names none',
      'kalcifer@example.com',
    )
    .option('-c, --context <name=value>', 'more context for the CDK app', addPair, [])
    .action(
      async (
        options: StageOptions & { tenants: string; mailFrom: string; context: readonly string[] },
      ) => {
        const { deploy } = await import('../local/deploy.ts');
        await deploy({ ...place(), ...options }, say);
      },
    );
}

function addEvent(local: Command): void {
  withStage(
    local
      .command('event')
      .description('Put an event on the bus of the deployment')
      .argument('<tenant>')
      .argument('<customer>')
      .argument('<type>', 'such as signed_up')
      .argument('[data]', 'a JSON object, or a file with one')
      .option('--id <id>', 'the same id again is the same event again'),
  ).action(
    async (
      tenant: string,
      customer: string,
      type: string,
      data: string | undefined,
      { stage, id }: StageOptions & { id?: string },
    ) => {
      const { target } = place();
      const { checkAnswers } = await import('../local/deploy.ts');
      const { sendEvent } = await import('../local/send-event.ts');
      const read = data === undefined ? {} : { data: await readObject('[data]', data) };
      await checkAnswers(target);
      await sendEvent(
        { stage, tenant, customer, type, ...read, ...(id === undefined ? {} : { id }) },
        say,
      );
    },
  );
}

function addWatch(local: Command): void {
  withStage(
    local.command('watch').description('Show executions, and where their customers are, live'),
  )
    .option('--once', 'print the table once', false)
    .option('--rows <count>', 'so many executions at most', wholeNumber(1, 200), 20)
    .action(async (options: StageOptions & { once: boolean; rows: number }) => {
      const { target, folder } = place();
      const { checkAnswers } = await import('../local/deploy.ts');
      const { watch } = await import('../local/watch.ts');
      await checkAnswers(target);
      await watch({ target, folder, ...options }, (text) => void process.stdout.write(text));
    });
}

function addDown(local: Command): void {
  local
    .command('down')
    .description('Stop what "up" started, and remove what it made')
    .option('--purge', 'remove MiniStack itself as well', false)
    .action(async (options: { purge: boolean }) => {
      const { takeDown } = await import('../local/down.ts');
      await takeDown({ ...place(), ...options }, say);
    });
}

function withStage(command: Command): Command {
  return command.option('--stage <stage>', 'stage of the deployment', 'dev');
}

function addPair(pair: string, before: readonly string[]): readonly string[] {
  if (/^[^=]+=/.test(pair)) return [...before, pair];
  throw new KalciferError('option.context', `--context takes name=value, not "${pair}".`);
}

function place(): { readonly target: AwsTarget; readonly folder: LocalFolder } {
  const target = awsTarget();
  pointHere(target);
  return { target, folder: localFolder() };
}

function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}
