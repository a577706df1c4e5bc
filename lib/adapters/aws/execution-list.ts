/** Executions as the Step Functions console lists them: what runs on the machines whose name begins so, and what ended last. */
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  paginateListStateMachines,
  SFNClient,
  type ExecutionListItem,
} from '@aws-sdk/client-sfn';
import type { JsonObject } from '../../json.ts';

export interface ListedExecution {
  readonly arn: string;
  readonly name: string;
  /** Name of its state machine. */
  readonly machine: string;
  /** As Step Functions spells it: `RUNNING`. */
  readonly status: string;
  readonly startedAt: Date;
  readonly endedAt?: Date;
}

export interface ExecutionList {
  /** Newest first, at most so many of each machine. */
  list(of: {
    readonly machinePrefix: string;
    readonly perMachineMax: number;
  }): Promise<readonly ListedExecution[]>;
  inputOf(arn: string): Promise<JsonObject>;
}

export function executionList({
  client = new SFNClient({}),
}: { client?: SFNClient } = {}): ExecutionList {
  return {
    list: async ({ machinePrefix, perMachineMax }) => {
      const machines: { name: string; arn: string }[] = [];
      for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
        for (const { name = '', stateMachineArn: arn = '' } of stateMachines) {
          if (name.startsWith(machinePrefix)) machines.push({ name, arn });
        }
      }
      const lists = await Promise.all(
        machines.map(async ({ name, arn: stateMachineArn }) => {
          const { executions = [] } = await client.send(
            new ListExecutionsCommand({ stateMachineArn, maxResults: perMachineMax }),
          );
          return executions.map((item) => listed(name, item));
        }),
      );
      return lists.flat().toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
    },
    inputOf: async (executionArn) => {
      const { input = '{}' } = await client.send(new DescribeExecutionCommand({ executionArn }));
      return JSON.parse(input) as JsonObject;
    },
  };
}

function listed(machine: string, item: ExecutionListItem): ListedExecution {
  const { executionArn = '', name = '', status = '', startDate, stopDate } = item;
  return {
    arn: executionArn,
    name,
    machine,
    status,
    startedAt: startDate ?? new Date(0),
    ...(stopDate === undefined ? {} : { endedAt: stopDate }),
  };
}
