/**
 * `kalcifer/cdk`: the engine as a construct. It holds everything but the journeys: table, bus, queues, functions, API, alarms and
 * dashboard. `Journeys` deploys the journeys of a folder. Who brings versions together otherwise makes a `Journey` of each, and one
 * `Registration` that tells the engine of all of them.
 */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Alarms } from './alarms.ts';
import { BeyondEmulators } from './beyond-emulators.ts';
import type { ChannelProps } from './channel-access.ts';
import { Endings } from './endings.ts';
import { EngineDashboard } from './engine-dashboard.ts';
import type { FunctionBasis } from './engine-function.ts';
import { EngineFunctions } from './engine-functions.ts';
import { EngineTable } from './engine-table.ts';
import { EventIntake } from './event-intake.ts';
import { FaultLayer } from './fault-layer.ts';
import type { Settings } from './function-settings.ts';
import { HistoryPipe } from './history-pipe.ts';
import type { KalciferProps } from './kalcifer-props.ts';
import { MachineBasis } from './machine-basis.ts';
import { MachinesAccess } from './machines-access.ts';
import { NodeFunctions } from './node-functions.ts';
import { checkStage } from './physical-names.ts';
import { Sweeper } from './sweeper.ts';
import { checkTenants } from './tenant-names.ts';
import { TenantApi } from './tenant-api.ts';
import { WorkQueue } from './work-queue.ts';

export type { KalciferProps } from './kalcifer-props.ts';
export type { ChannelProps } from './channel-access.ts';
export type { ClickHouseProps } from './history-pipe.ts';
export type { TenantProps } from './tenant-api.ts';
export { Journey, type JourneyProps } from './journey.ts';
export { Journeys, type JourneysProps } from './journeys.ts';
export { Registration, type RegistrationProps } from './registration.ts';

const workTimeout = Duration.seconds(60);

export class Kalcifer extends Construct {
  readonly stage: string;
  /** Instances, waits, profiles, journeys: all that the engine knows. */
  readonly table: Table;
  /** Put events here: the detail type is the type of the event, the detail `{ tenant, customer, data }`. */
  readonly bus: EventBus;
  /** Events on their way in. */
  readonly events: WorkQueue;
  /** Executions that were asked for. */
  readonly entries: WorkQueue;
  /** Executions that have ended. */
  readonly endings: WorkQueue;
  readonly nodes: NodeFunctions;
  readonly functions: EngineFunctions;
  /** What every state machine of this stage has in common. */
  readonly machines: MachineBasis;
  readonly api: TenantApi;
  readonly alarms: Alarms;
  /** Absent without a ClickHouse. */
  readonly history?: HistoryPipe;
  /** Absent where nothing may be disturbed. */
  readonly faults?: FaultLayer;
  /** @internal */
  readonly intake: EventIntake;
  /** @internal */
  readonly storage: EngineTable;
  /** @internal */
  readonly basis: FunctionBasis;
  /** @internal */
  readonly channels: ChannelProps;
  /** @internal */
  readonly customCode: Settings;

  constructor(scope: Construct, id: string, props: KalciferProps) {
    super(scope, id);
    const { stage, logRetention = RetentionDays.ONE_MONTH, alarmTopic } = props;
    const { tenants = [{ name: 'default' }] } = props;
    checkStage(stage);
    checkTenants(tenants.map(({ name }) => name));
    this.stage = stage;
    this.channels = props;
    this.customCode = props.customCode === false ? { customCode: 'off' } : {};
    if (props.faultInjection === true) this.faults = new FaultLayer(this, 'Faults', { stage });
    this.basis = {
      stage,
      logRetention,
      ...(this.faults === undefined ? {} : { faults: this.faults }),
    };

    this.storage = new EngineTable(this, 'Storage', {
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
      ...(props.encryptionKey === undefined ? {} : { encryptionKey: props.encryptionKey }),
    });
    this.table = this.storage.table;
    this.intake = new EventIntake(this, 'Intake', { stage, workTimeout });
    this.bus = this.intake.bus;
    this.events = this.intake.work;
    this.entries = new WorkQueue(this, 'Entries', {
      // The most that there is: a start that Step Functions has no room for goes back, and that is how it should be.
      triesMax: 1000,
      workTimeout,
      batchSize: 10,
      workersMax: props.startersMax ?? 10,
    });

    const access = new MachinesAccess(Stack.of(this), stage);
    this.endings = new Endings(this, 'Endings', { stage, access, workTimeout }).work;

    const shared = {
      basis: this.basis,
      table: this.storage,
      access,
      entries: this.entries,
      channels: this.channels,
      customCode: this.customCode,
    };
    this.nodes = new NodeFunctions(this, 'Nodes', shared);
    this.machines = new MachineBasis(this, 'Machines', {
      stage,
      functions: this.nodes.arns,
      logLevel: props.machineLogLevel ?? LogLevel.ERROR,
      logRetention,
    });
    this.functions = new EngineFunctions(this, 'Functions', {
      ...shared,
      machines: this.machines,
      events: this.events,
      endings: this.endings,
    });
    new Sweeper(this, 'Sweeper', { stage, sweep: this.functions.sweep });
    this.api = new TenantApi(this, 'Api', {
      stage,
      handler: this.functions.api,
      tenants,
      logRetention,
    });
    if (props.clickhouse !== undefined) {
      const { clickhouse } = props;
      this.history = new HistoryPipe(this, 'History', { ...shared, clickhouse });
    }

    const watch = { kalcifer: this, ...(alarmTopic === undefined ? {} : { topic: alarmTopic }) };
    this.alarms = new Alarms(this, 'Alarms', watch);
    new EngineDashboard(this, 'Dashboard', { kalcifer: this });
    if (props.emulator !== true) {
      new BeyondEmulators(this, 'BeyondEmulators', {
        ...watch,
        archiveRetention: props.archiveRetention ?? Duration.days(30),
      });
    }
  }

  /** Allows to put events on the bus. */
  grantPublishEvents(grantee: IGrantable): Grant {
    return this.bus.grantPutEventsTo(grantee);
  }
}
