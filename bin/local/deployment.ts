/** What a deployment told when it was done: where its API is, and its keys. */
import { readFileSync } from 'node:fs';
import { isJsonObject } from '../../lib/json.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import type { AwsTarget } from './aws-target.ts';
import type { LocalFolder } from './local-folder.ts';

export interface Deployment {
  readonly outputs: Readonly<Record<string, string>>;
  /** Of the HTTP API, as it is reached on the emulator. */
  readonly apiUrl: string;
}

/** @throws KalciferError `local.not_deployed` */
export function readDeployment(folder: LocalFolder, stage: string, target: AwsTarget): Deployment {
  const outputs = readOutputs(folder.outputs(stage));
  const { ApiUrl: url } = outputs;
  if (url !== undefined) return { outputs, apiUrl: onEmulator(url, target) };
  throw new KalciferError(
    'local.not_deployed',
    `Stage "${stage}" is not deployed here yet: npm run local:deploy${stage === 'dev' ? '' : ` -- --stage ${stage}`}`,
  );
}

/** The outputs of all stacks together. */
function readOutputs(file: string): Readonly<Record<string, string>> {
  try {
    const stacks = Object.values(JSON.parse(readFileSync(file, 'utf8')) as object);
    return Object.assign({}, ...stacks.filter(isJsonObject)) as Record<string, string>;
  } catch {
    return {};
  }
}

/** `https://<id>.execute-api.<region>.amazonaws.com/<stage>/`: the path under which emulators serve the same API. */
export function onEmulator(apiUrl: string, { endpoint }: AwsTarget): string {
  const [, id, stage] = /^https?:\/\/([^.]+)\.execute-api\.[^/]+\/([^/]+)/.exec(apiUrl) ?? [];
  if (id === undefined || stage === undefined) return apiUrl;
  return `${endpoint.origin}/_aws/execute-api/${id}/${stage}/`;
}
