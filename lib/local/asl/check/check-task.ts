/** Checks that only a Task needs: its resource, the parameters of an invocation, and its limits. */
import type { JsonObject } from '../../../json.ts';
import { isJsonObject } from '../../../json.ts';
import { parseResource, serviceName } from '../task-resource.ts';
import type { ProblemList } from './problem-list.ts';
import { at, note, unsupported } from './problem-list.ts';

/** What `lambda:invoke` takes on AWS. */
const invokeParameters = [
  'FunctionName',
  'Payload',
  'InvocationType',
  'LogType',
  'ClientContext',
  'Qualifier',
];

export function checkTask(state: JsonObject, path: string, problems: ProblemList): void {
  const arn = state['Resource'];
  if (typeof arn === 'string') checkResource(arn, at(path, 'Resource'), problems);
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state;
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    const message = `'HeartbeatSeconds' must be smaller than 'TimeoutSeconds'`;
    note(problems, 'schema', at(path, 'HeartbeatSeconds'), message);
  }
  if (typeof arn === 'string' && parseResource(arn)?.kind === 'invoke') {
    checkInvocation(state['Parameters'], at(path, 'Parameters'), problems);
  }
}

function checkResource(arn: string, path: string, problems: ProblemList): void {
  if (parseResource(arn) !== undefined) return;
  const service = serviceName(arn);
  if (service !== undefined) {
    const isActivity = service.startsWith('activity:');
    unsupported(problems, path, isActivity ? 'An activity' : `The service integration ${service}`);
    return;
  }
  note(
    problems,
    'schema',
    path,
    `The resource provided ${arn} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.`,
    'Use the ARN of a function, arn:aws:states:::lambda:invoke, or arn:aws:states:::lambda:invoke.waitForTaskToken.',
  );
}

function checkInvocation(
  parameters: JsonObject[string],
  path: string,
  problems: ProblemList,
): void {
  const given = isJsonObject(parameters) ? parameters : {};
  const names = Object.keys(given).map((name) => name.replace(/\.\$$/, ''));
  if (!names.includes('FunctionName')) {
    note(problems, 'schema', path, `The field 'FunctionName' is required but was missing`);
  }
  for (const name of names.filter((one) => !invokeParameters.includes(one))) {
    const message = `The field '${name}' is not supported by Step Functions`;
    note(problems, 'schema', at(path, name), message);
  }
  const type = given['InvocationType'];
  if (type !== undefined && type !== 'RequestResponse') {
    unsupported(problems, at(path, 'InvocationType'), `InvocationType ${JSON.stringify(type)}`);
  }
}
