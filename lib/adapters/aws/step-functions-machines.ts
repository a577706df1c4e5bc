/**
 * Makes the state machines of versions that are published at run time. The name of a machine holds a hash of everything that the
 * machine is, so publishing again finds the same one, and nobody else ever gets it.
 */
import {
  CreateStateMachineCommand,
  DescribeStateMachineCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { JsonObject } from '../../json.ts';
import { KalciferError } from '../../kalcifer-error.ts';
import type { Machines } from '../../ports/machines.ts';
import { awsFailure } from './aws-failure.ts';
import { executionsError, unavailable } from './executions-error.ts';
import { fillFunctions } from './fill-functions.ts';
import { machineName, machineTags } from './machine-name.ts';
import { patience } from './patience.ts';

export interface StepFunctionsMachinesOptions {
  /** What all names begin with: `kalcifer-dev-`. */
  readonly prefix: string;
  /** The role that executions have. */
  readonly roleArn: string;
  /** By the name of the placeholder: `EntryFunction`. */
  readonly functionArns: Readonly<Record<string, string>>;
  readonly client?: SFNClient;
}

export function stepFunctionsMachines({
  prefix,
  roleArn,
  functionArns,
  client = new SFNClient(patience),
}: StepFunctionsMachinesOptions): Machines {
  return {
    create: async ({ machine, definition }) => {
      const text = definitionText(definition, functionArns);
      const name = machineName(prefix, machine, text);
      const stateMachineArn = machineArn(functionArns, name);
      const command = new CreateStateMachineCommand({
        name,
        definition: text,
        roleArn,
        type: 'STANDARD',
        // The timeline in the table tells more, and costs no log.
        loggingConfiguration: { level: 'OFF', includeExecutionData: false },
        tags: machineTags(machine),
      });
      try {
        const made = await client.send(command);
        return made.stateMachineArn ?? stateMachineArn;
      } catch (error) {
        if (awsFailure(error).name !== 'StateMachineAlreadyExists') throw creationError(error);
      }
      await checkExisting(client, stateMachineArn, text);
      return stateMachineArn;
    },
  };
}

/** The quota of Step Functions for a definition: 1 MiB. */
const definitionBytesMax = 1024 * 1024;

function definitionText(
  definition: JsonObject,
  functionArns: Readonly<Record<string, string>>,
): string {
  const text = JSON.stringify(fillFunctions(definition, functionArns));
  const bytes = Buffer.byteLength(text);
  if (bytes <= definitionBytesMax) return text;
  throw new KalciferError(
    'machines.too_large',
    `The state machine has ${bytes} bytes, and Step Functions takes ${definitionBytesMax}: split the journey in two.`,
  );
}

/** State machines live where their functions do. */
function machineArn(functionArns: Readonly<Record<string, string>>, name: string): string {
  const [arn, partition, , region, account] = Object.values(functionArns)[0]?.split(':') ?? [];
  return [arn, partition, 'states', region, account, 'stateMachine', name].join(':');
}

/** What was made under this name with other settings, by another release or by hand, must at least run the same. */
async function checkExisting(
  client: SFNClient,
  stateMachineArn: string,
  text: string,
): Promise<void> {
  let found;
  try {
    found = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
  } catch (error) {
    const failed = awsFailure(error);
    // It was there a moment ago.
    throw failed.name === 'StateMachineDoesNotExist'
      ? unavailable('CreateStateMachine', failed.what)
      : executionsError('DescribeStateMachine', failed);
  }
  if (found.status === 'DELETING') {
    throw unavailable('CreateStateMachine', 'a state machine of this name is being deleted');
  }
  if (found.definition === text) return;
  throw new KalciferError(
    'machines.name_taken',
    `There is a state machine ${stateMachineArn} with another definition: delete it.`,
  );
}

/** A definition holds no secrets, and what Step Functions dislikes about it is worth reading. */
function creationError(error: unknown): KalciferError {
  const failed = awsFailure(error);
  switch (failed.name) {
    case 'StateMachineLimitExceeded':
      return new KalciferError(
        'machines.limit',
        'The account has as many state machines as Step Functions allows: delete some that no customer is in, or ask AWS for more.',
      );
    case 'StateMachineDeleting':
    // Somebody else is just changing it.
    case 'Conflict':
      return unavailable('CreateStateMachine', failed.what);
    case 'InvalidDefinition':
      return new KalciferError(
        'machines.refused',
        `Step Functions refuses the state machine: ${(error as Error).message}`,
      );
    default:
      return executionsError('CreateStateMachine', failed);
  }
}
