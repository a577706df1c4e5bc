/** The functions that state machines call, one per family of node types, so that each may do only what its family needs. */
import { Construct } from 'constructs';
import { nodeFunctions, type NodeFunction } from '../compiler/node-functions.ts';
import { allowSending, channelSettings, type ChannelProps } from './channel-access.ts';
import { EngineFunction, type FunctionBasis } from './engine-function.ts';
import type { EngineTable } from './engine-table.ts';
import type { Verb } from './function-code.ts';
import type { Settings } from './function-settings.ts';
import type { MachinesAccess } from './machines-access.ts';
import type { WorkQueue } from './work-queue.ts';

export interface NodeFunctionsProps {
  readonly basis: FunctionBasis;
  readonly table: EngineTable;
  readonly access: MachinesAccess;
  /** Where starts of executions are asked for. */
  readonly entries: WorkQueue;
  readonly channels: ChannelProps;
  /** Whether nodes may run JavaScript. */
  readonly customCode: Settings;
}

const families: Readonly<Record<NodeFunction, { readonly verb: Verb; readonly does: string }>> = {
  EntryFunction: { verb: 'run-entry', does: 'Runs entry nodes' },
  ChannelFunction: { verb: 'run-channel', does: 'Runs nodes that send a message' },
  LogicFunction: { verb: 'run-logic', does: 'Runs nodes that decide' },
  DataFunction: { verb: 'run-data', does: 'Runs nodes that change or compute data' },
  WaitFunction: { verb: 'run-wait', does: 'Parks instances at nodes that wait' },
  ExitFunction: { verb: 'run-exit', does: 'Runs nodes that end a journey' },
  ResolveWaitFunction: { verb: 'resolve-wait', does: 'Ends a wait whose time is over' },
  FailInstanceFunction: { verb: 'fail-instance', does: 'Records that an instance failed' },
};

/** A changed profile may let its customer into the journey of a segment; a long wait goes on in the next execution. */
const startsExecutions: readonly NodeFunction[] = ['DataFunction', 'ResolveWaitFunction'];

export class NodeFunctions extends Construct {
  readonly functions: Readonly<Record<NodeFunction, EngineFunction>>;

  constructor(scope: Construct, id: string, props: NodeFunctionsProps) {
    super(scope, id);
    const { table, access, entries, channels } = props;
    this.functions = eachFunction((name) => this.make(name, props));
    for (const name of nodeFunctions) {
      const fn = this.functions[name];
      table.allowUse(fn);
      switch (name) {
        case 'FailInstanceFunction':
          break;
        case 'EntryFunction':
          // It parks nothing; all it can find is that the customer has to leave at once.
          access.allowStop(fn);
          break;
        default:
          access.allowSteer(fn);
      }
    }
    allowSending(this.functions.ChannelFunction, channels);
    for (const name of startsExecutions) entries.allowSend(this.functions[name]);
  }

  /** By the placeholder in compiled machines. */
  get arns(): Readonly<Record<NodeFunction, string>> {
    return eachFunction((name) => this.functions[name].functionArn);
  }

  private make(name: NodeFunction, props: NodeFunctionsProps): EngineFunction {
    const { basis, table, entries, channels, customCode } = props;
    const { verb, does } = families[name];
    return new EngineFunction(this, name, {
      basis,
      verb,
      description: does,
      settings: {
        table: table.table.tableName,
        ...(name === 'ChannelFunction' ? channelSettings(channels) : {}),
        ...(startsExecutions.includes(name) ? { entryQueue: entries.queue.queueUrl } : {}),
        ...(name === 'DataFunction' ? customCode : {}),
      },
      afterFailure:
        'Step Functions waits for its answer, tries again when there is none, and then fails the instance.',
      // Custom code is interpreted here.
      ...(name === 'DataFunction' ? { memoryMegabytes: 1024 } : {}),
      disturbable: true,
    });
  }
}

function eachFunction<Value>(of: (name: NodeFunction) => Value): Record<NodeFunction, Value> {
  const pairs = nodeFunctions.map((name): [NodeFunction, Value] => [name, of(name)]);
  return Object.fromEntries(pairs) as Record<NodeFunction, Value>;
}
