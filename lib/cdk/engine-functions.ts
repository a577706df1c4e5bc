/** The functions that are not nodes: what comes in, what is started, what is swept, and the API. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { release } from '../release.ts';
import { channelSettings, type ChannelProps } from './channel-access.ts';
import { EngineFunction, type EngineFunctionProps, type FunctionBasis } from './engine-function.ts';
import type { EngineTable } from './engine-table.ts';
import type { Settings } from './function-settings.ts';
import type { MachineBasis } from './machine-basis.ts';
import type { MachinesAccess } from './machines-access.ts';
import { machinePrefix } from './physical-names.ts';
import type { WorkQueue } from './work-queue.ts';

export interface EngineFunctionsProps {
  readonly basis: FunctionBasis;
  readonly table: EngineTable;
  readonly access: MachinesAccess;
  readonly machines: MachineBasis;
  readonly events: WorkQueue;
  readonly entries: WorkQueue;
  readonly endings: WorkQueue;
  readonly channels: ChannelProps;
  readonly customCode: Settings;
}

export class EngineFunctions extends Construct {
  readonly receiveEvent: EngineFunction;
  readonly enrol: EngineFunction;
  readonly sweep: EngineFunction;
  readonly reconcile: EngineFunction;
  readonly api: EngineFunction;

  constructor(scope: Construct, id: string, props: EngineFunctionsProps) {
    super(scope, id);
    const { table, access, machines, events, entries } = props;
    this.receiveEvent = this.makeVerb('ReceiveEvent', props, {
      verb: 'receive-event',
      description: 'Routes events to those who wait for them, and lets customers in',
      afterFailure: 'The event goes back to its queue, and at last is put aside.',
    });
    events.workedOffBy(this.receiveEvent);
    this.enrol = new EngineFunction(this, 'Enrol', {
      basis: props.basis,
      verb: 'enrol',
      description: 'Starts the executions that were asked for, no faster than Step Functions takes',
      settings: { table: table.table.tableName },
      afterFailure: 'The start goes back to its queue, and at last is put aside.',
    });
    table.allowLookUp(this.enrol);
    access.allowStart(this.enrol);
    entries.workedOffBy(this.enrol);
    this.sweep = this.makeVerb('Sweep', props, {
      verb: 'sweep',
      description: 'Does what a crash left undone',
      afterFailure: 'The sweep of the next minute finds what this one did not do.',
      timeout: Duration.minutes(5),
    });
    this.reconcile = new EngineFunction(this, 'Reconcile', {
      basis: props.basis,
      verb: 'reconcile',
      description: 'Takes up customers whose execution ended before they did',
      settings: { table: table.table.tableName, entryQueue: entries.queue.queueUrl },
      afterFailure: 'The end goes back to its queue, and at last is put aside.',
    });
    table.allowUse(this.reconcile);
    entries.allowSend(this.reconcile);
    props.endings.workedOffBy(this.reconcile);
    this.api = this.makeVerb('Api', props, {
      verb: 'api',
      description: 'The HTTP API',
      afterFailure: 'API Gateway waits for its answer, and so does the caller.',
      memoryMegabytes: 1024,
      // As long as API Gateway waits.
      timeout: Duration.seconds(29),
      settings: {
        ...channelSettings(props.channels),
        ...props.customCode,
        release,
        nodeFunctions: Stack.of(this).toJsonString(machines.functions),
        machineRole: machines.role.roleArn,
        machinePrefix: machinePrefix(props.basis.stage),
      },
    });
    access.allowCreate(this.api, machines.role);
  }

  /** One that runs a verb of the engine: it may change the table, ask for executions, and steer those that run. */
  private makeVerb(
    id: string,
    { basis, table, access, entries }: EngineFunctionsProps,
    own: Omit<EngineFunctionProps, 'basis' | 'settings'> & { readonly settings?: Settings },
  ): EngineFunction {
    const made = new EngineFunction(this, id, {
      ...own,
      basis,
      settings: {
        table: table.table.tableName,
        entryQueue: entries.queue.queueUrl,
        ...own.settings,
      },
    });
    table.allowUse(made);
    access.allowSteer(made);
    entries.allowSend(made);
    return made;
  }
}
