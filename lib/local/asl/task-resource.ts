/**
 * What a Task runs: a function by its ARN, or `lambda:invoke`, with or without `.waitForTaskToken`. Everything else that AWS
 * could run is refused by name before an execution starts.
 */
export interface TaskResource {
  readonly kind: 'function' | 'invoke';
  readonly arn: string;
  readonly awaitsToken: boolean;
  /** How AWS calls the task in causes. */
  readonly label: string;
}

const functionArn = /^arn:[^:]+:lambda:[^:]+:[^:]+:function:[^:]+(?::[^:]+)?$/;
const serviceArn = /^arn:[^:]+:states:[^:]*:[^:]*:(.+)$/;

/** Answers `undefined` for a resource that the embedded runtime does not run. */
export function parseResource(arn: string): TaskResource | undefined {
  if (functionArn.test(arn)) {
    return { kind: 'function', arn, awaitsToken: false, label: arn };
  }
  const service = serviceName(arn);
  if (service !== 'lambda:invoke' && service !== 'lambda:invoke.waitForTaskToken') return undefined;
  const awaitsToken = service !== 'lambda:invoke';
  return { kind: 'invoke', arn, awaitsToken, label: 'lambda' };
}

/** `sqs:sendMessage.waitForTaskToken` of a service integration, `activity:name` of an activity. */
export function serviceName(arn: string): string | undefined {
  return serviceArn.exec(arn)?.[1];
}
