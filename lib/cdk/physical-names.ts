/**
 * Names that somebody types, or that a policy has to know before the thing is there: all begin with `kalcifer-<stage>`. Everything
 * else is named by CloudFormation.
 */
import { KalciferError } from '../kalcifer-error.ts';

/** Step Functions takes no longer name. */
const machineNameCharactersMax = 80;

/**
 * A stage has no hyphen, so that the machines of one stage can never be taken for those of another in a policy that goes by the
 * beginning of names; and it is short enough for the longest name of a function (64 characters).
 */
const stageForm = /^[a-z][a-z0-9]{0,19}$/;

export function stageProblem(stage: string): string | undefined {
  if (stageForm.test(stage)) return undefined;
  return `a stage is 1 to 20 lower-case letters and digits and begins with a letter, not "${stage}"`;
}

/** @throws KalciferError `deployment.stage` */
export function checkStage(stage: string): void {
  const problem = stageProblem(stage);
  if (problem !== undefined) throw new KalciferError('deployment.stage', `${problem}.`);
}

/** `kalcifer-dev`: the stack, the bus, and the beginning of every other name. */
export function deploymentName(stage: string): string {
  return `kalcifer-${stage}`;
}

/** The rule on the default bus that brings what SES reports. */
export function mailEventsRule(stage: string): string {
  return `${deploymentName(stage)}-mail-events`;
}

export function functionName(stage: string, verb: string): string {
  return `${deploymentName(stage)}-${verb}`;
}

/** What the name of every state machine of a stage begins with, also of those that are made at run time. */
export function machinePrefix(stage: string): string {
  return `${deploymentName(stage)}-`;
}

/**
 * `kalcifer-dev-welcome-v1`
 *
 * @throws KalciferError `deployment.machine_name`
 */
export function machineName(
  stage: string,
  of: { readonly journey: string; readonly version: number },
): string {
  const name = `${machinePrefix(stage)}${of.journey}-v${of.version}`;
  if (!/^[\w-]+$/.test(name)) {
    throw nameError(of.journey, 'only letters, digits, "-" and "_" of ASCII can be in it');
  }
  if (name.length > machineNameCharactersMax) {
    throw nameError(of.journey, `"${name}" is longer than ${machineNameCharactersMax} characters`);
  }
  return name;
}

/** The output that tells the id of a tenant's API key: `ApiKeyIdNorthShop` of `north-shop`. */
export function apiKeyOutput(tenant: string): string {
  const words = tenant.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `ApiKeyId${words.join('')}`;
}

function nameError(journey: string, why: string): KalciferError {
  return new KalciferError(
    'deployment.machine_name',
    `The journey "${journey}" cannot name a state machine: ${why}.`,
  );
}
