/** `kalcifer local watch`: a live table of executions, as Step Functions lists them, and of where each customer is, as the API tells. */
import { setTimeout as sleep } from 'node:timers/promises';
import { apiGatewayKeys } from '../../lib/adapters/aws/api-gateway-keys.ts';
import { executionList, type ListedExecution } from '../../lib/adapters/aws/execution-list.ts';
import { apiKeyOutput, machinePrefix } from '../../lib/cdk/physical-names.ts';
import { isKalciferError } from '../../lib/kalcifer-error.ts';
import { apiClient, type ApiClient } from '../api-client.ts';
import type { AwsTarget } from './aws-target.ts';
import { checkAnswers } from './deploy.ts';
import { readDeployment, type Deployment } from './deployment.ts';
import type { LocalFolder } from './local-folder.ts';
import { paintTable, type Room, type WatchedInstance, type WatchRow } from './watch-table.ts';

export interface WatchOptions {
  readonly target: AwsTarget;
  readonly folder: LocalFolder;
  readonly stage: string;
  readonly once: boolean;
  readonly rows: number;
}

const pauseMs = 1_000;
/** At once: each is a process on the emulator. */
const requestsMax = 8;
const clearScreen = '\u001b[2J\u001b[H';

/** @throws KalciferError `local.not_deployed`, `local.nobody_answers`, `api.unreachable` */
export async function watch(
  { target, folder, stage, once, rows }: WatchOptions,
  write: (text: string) => void,
): Promise<void> {
  const watched = watcher(stage, readDeployment(folder, stage, target), rows);
  const look = async (): Promise<readonly WatchRow[]> => {
    try {
      return await watched();
    } catch (error) {
      // It may have ended meanwhile, which says more than the request that failed.
      await checkAnswers(target);
      throw error;
    }
  };
  if (once) {
    write(paintTable(await look(), new Date(), { columns: process.stdout.columns }));
    return;
  }
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  while (!interrupted.signal.aborted) {
    const text = paintTable(await look(), new Date(), room());
    write(
      `${process.stdout.isTTY ? clearScreen : ''}Stage "${stage}" at ${target.endpoint.origin}; Ctrl-C ends this.\n\n${text}`,
    );
    await sleep(pauseMs, undefined, { signal: interrupted.signal }).catch(() => undefined);
  }
}

/** Of the terminal, below the title; none where there is no terminal. */
function room(): Room {
  const { columns, rows } = process.stdout;
  return process.stdout.isTTY ? { columns, lines: rows - 3 } : {};
}

/** Each look asks again for what can still change. */
function watcher(
  stage: string,
  deployment: Deployment,
  rowsMax: number,
): () => Promise<readonly WatchRow[]> {
  const executions = executionList();
  const tenants = new Map<string, string>();
  const clients = new Map<string, Promise<ApiClient | undefined>>();
  const ended = new Map<string, WatchRow>();

  const tenantOf = async (execution: ListedExecution): Promise<string> => {
    const known = tenants.get(execution.arn);
    if (known !== undefined) return known;
    const { tenant } = await executions.inputOf(execution.arn);
    const told = typeof tenant === 'string' ? tenant : '';
    tenants.set(execution.arn, told);
    return told;
  };
  const clientOf = (tenant: string): Promise<ApiClient | undefined> => {
    const known = clients.get(tenant) ?? openApi(deployment, tenant);
    clients.set(tenant, known);
    return known;
  };
  const rowOf = async (execution: ListedExecution): Promise<WatchRow> => {
    const known = ended.get(execution.arn);
    if (known !== undefined) return known;
    const tenant = await tenantOf(execution);
    const client = await clientOf(tenant);
    const instance = client === undefined ? undefined : await readInstance(client, execution.name);
    const row = { execution, tenant, ...(instance === undefined ? {} : { instance }) };
    if (execution.endedAt !== undefined) ended.set(execution.arn, row);
    return row;
  };
  return async () => {
    const listed = await executions.list({
      machinePrefix: machinePrefix(stage),
      perMachineMax: rowsMax,
    });
    const shown = listed.slice(0, rowsMax);
    const rows: WatchRow[] = [];
    for (let from = 0; from < shown.length; from += requestsMax) {
      rows.push(...(await Promise.all(shown.slice(from, from + requestsMax).map(rowOf))));
    }
    return rows;
  };
}

/** Undefined when the deployment has no key for the tenant. */
async function openApi(
  { outputs, apiUrl }: Deployment,
  tenant: string,
): Promise<ApiClient | undefined> {
  const keyId = outputs[apiKeyOutput(tenant)];
  const key = keyId === undefined ? undefined : await apiGatewayKeys().valueOf(keyId);
  return key === undefined ? undefined : apiClient({ url: apiUrl }, key);
}

/** An execution is named `<instance>-<epoch>`. */
async function readInstance(
  api: ApiClient,
  execution: string,
): Promise<WatchedInstance | undefined> {
  const id = execution.slice(0, execution.lastIndexOf('-'));
  try {
    const answer = await api.call('GET', `/v1/instances/${encodeURIComponent(id)}`);
    return answer as unknown as WatchedInstance;
  } catch (error) {
    if (isKalciferError(error, 'instance.unknown')) return undefined;
    throw error;
  }
}
