/**
 * Where the local loop finds AWS: the variables that every AWS tool reads, and nothing else. What is not set has the value of an
 * emulator on this machine.
 */
import { KalciferError } from '../../lib/kalcifer-error.ts';

export interface AwsTarget {
  /** Scheme, host and port. */
  readonly endpoint: URL;
  readonly account: string;
  readonly region: string;
  /** All of it again, for programs that are started. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Of an emulator: it takes any. */
export const emulatorSecret = 'test';

/** @throws KalciferError `local.endpoint_invalid`, `local.endpoint_is_aws` */
export function awsTarget(environment: NodeJS.ProcessEnv = process.env): AwsTarget {
  const given = (name: string): string | undefined =>
    environment[name] === '' ? undefined : environment[name];
  const endpoint = endpointOf(given('AWS_ENDPOINT_URL') ?? 'http://localhost:4566');
  const region = given('AWS_REGION') ?? given('AWS_DEFAULT_REGION') ?? 'us-east-1';
  const keyId = given('AWS_ACCESS_KEY_ID') ?? 'test';
  return {
    endpoint,
    region,
    account: given('AWS_ACCOUNT_ID') ?? (/^\d{12}$/.test(keyId) ? keyId : '000000000000'),
    variables: {
      AWS_ENDPOINT_URL: endpoint.origin,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: keyId,
      AWS_SECRET_ACCESS_KEY: given('AWS_SECRET_ACCESS_KEY') ?? emulatorSecret,
    },
  };
}

/** Puts the target into this process's own variables, for clients that read them. */
export function pointHere({ variables }: AwsTarget, environment = process.env): void {
  Object.assign(environment, variables);
  // The clients warn on Node 20 that later releases of theirs will not run on it; ours are pinned.
  environment['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  // A profile would win over the keys, and is about AWS itself.
  delete environment['AWS_PROFILE'];
  delete environment['AWS_DEFAULT_PROFILE'];
}

function endpointOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new KalciferError(
      'local.endpoint_invalid',
      `AWS_ENDPOINT_URL is "${text}"; it must be a URL such as http://localhost:4566.`,
    );
  }
  if (/(^|\.)amazonaws\.com(\.cn)?$/.test(url.hostname)) {
    throw new KalciferError(
      'local.endpoint_is_aws',
      'AWS_ENDPOINT_URL names AWS itself, and the local loop is for emulators. Deploy to AWS with "npx cdk deploy".',
    );
  }
  return url;
}
