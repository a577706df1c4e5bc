/**
 * Executions on AWS Step Functions. Its clock and ours may disagree, its answers may be lost, and its tasks may be over: all of that
 * is harmless, because the table has decided (semantics 7.5, 7.6). What is left to tell apart is whether to try again.
 */
import {
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { checkExecutionName, type Executions, type MachineRef } from '../../ports/executions.ts';
import { awsFailure } from './aws-failure.ts';
import { executionsError, unavailable } from './executions-error.ts';
import { patience } from './patience.ts';

export interface StepFunctionsOptions {
  /** ARN of the state machine of a version. */
  readonly machineArnOf: (machine: MachineRef) => Promise<string>;
  readonly client?: SFNClient;
}

export function stepFunctionsExecutions({
  machineArnOf,
  client = new SFNClient(patience),
}: StepFunctionsOptions): Executions {
  return {
    start: async ({ machine, name, input }) => {
      checkExecutionName(name);
      const stateMachineArn = await machineArnOf(machine);
      const command = new StartExecutionCommand({
        stateMachineArn,
        name,
        input: JSON.stringify(input),
      });
      // While the first one is open, the same input is answered as if it were the first.
      return done('StartExecution', 'started', known.start, () => client.send(command));
    },

    succeed: async ({ token, output }) => {
      if (!isToken(token)) return 'gone';
      const command = new SendTaskSuccessCommand({
        taskToken: token,
        output: JSON.stringify(output),
      });
      return done('SendTaskSuccess', 'accepted', known.answer, () => client.send(command));
    },

    fail: async ({ token, error, cause }) => {
      if (!isToken(token)) return 'gone';
      const command = new SendTaskFailureCommand({ taskToken: token, ...failure(error, cause) });
      return done('SendTaskFailure', 'accepted', known.answer, () => client.send(command));
    },

    stop: async ({ machine, name, error, cause }) => {
      checkExecutionName(name);
      const executionArn = executionArnOf(await machineArnOf(machine), name);
      const command = new StopExecutionCommand({ executionArn, ...failure(error, cause) });
      return done('StopExecution', 'stopped', known.stop, () => client.send(command));
    },
  };
}

/** Refusals that are answers, by the name of the error. */
const known = {
  /** It is closed, or was started with another input. */
  start: { ExecutionAlreadyExists: 'exists' },
  answer: { TaskTimedOut: 'gone', TaskDoesNotExist: 'gone', InvalidToken: 'gone' },
  /** What we send is well formed, so a validation can only find that the execution is over. */
  stop: { ExecutionDoesNotExist: 'gone', Validation: 'gone' },
} as const;

/** Refused now, not for ever: a machine may be seconds old and not known everywhere, and executions end. */
const forNow: ReadonlySet<string> = new Set([
  'StateMachineDoesNotExist',
  'StateMachineDeleting',
  'ExecutionLimitExceeded',
]);

async function done<Done extends string, Known extends string>(
  action: string,
  answer: Done,
  knownRefusals: Readonly<Record<string, Known>>,
  call: () => Promise<unknown>,
): Promise<Done | Known> {
  try {
    await call();
    return answer;
  } catch (error) {
    const failed = awsFailure(error);
    const refusal = failed.kind === 'refused' ? knownRefusals[failed.name] : undefined;
    if (refusal !== undefined) return refusal;
    throw forNow.has(failed.name)
      ? unavailable(action, failed.what)
      : executionsError(action, failed);
  }
}

const tokenCharactersMax = 2_048;

/** Anything else was never given out; Step Functions would repeat it in the words of its refusal. */
function isToken(token: string): boolean {
  return token.length >= 1 && token.length <= tokenCharactersMax;
}

const errorCharactersMax = 256;
const causeCharactersMax = 32_768;

function failure(error: string, cause: string): { readonly error: string; readonly cause: string } {
  return {
    error: beginning(error, errorCharactersMax),
    cause: beginning(cause, causeCharactersMax),
  };
}

/** Cut to whole characters: half of a surrogate pair is no text that AWS reads. */
function beginning(text: string, charactersMax: number): string {
  const whole = text.toWellFormed();
  if (whole.length <= charactersMax) return whole;
  const cut = whole.slice(0, charactersMax);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

/**
 * `arn:aws:states:eu-central-1:123456789012:stateMachine:welcome-v1` -> `arn:aws:states:eu-central-1:123456789012:execution:welcome-v1:i1-1`
 */
function executionArnOf(machineArn: string, name: string): string {
  const [arn, partition, service, region, account, , machine] = machineArn.split(':');
  return [arn, partition, service, region, account, 'execution', machine, name].join(':');
}
