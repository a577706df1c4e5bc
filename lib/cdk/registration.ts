/**
 * Tells the engine which versions are deployed, with which templates and API keys: custom resources that call our own function.
 *
 * Order is what keeps instances safe. The first asks whether what was deployed before speaks against the deployment, and comes before
 * every state machine: a version that was changed is refused before anybody could enter a changed machine. The second tells the
 * engine. It names the state machines, so it comes after them. When a version is gone from a deployment, CloudFormation deletes its
 * state machine only in the clean-up after everything else in its stack has succeeded; while the version has live instances both
 * refuse, the update is rolled back, and the machine was never touched.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { ArnFormat, CustomResource, Duration, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { RegisterProperties } from '../deployment.ts';
import { KalciferError } from '../kalcifer-error.ts';
import { channelSettings } from './channel-access.ts';
import { EngineFunction } from './engine-function.ts';
import type { Journey } from './journey.ts';
import type { Kalcifer } from './kalcifer.ts';
import { machineName } from './physical-names.ts';
import type { VersionFile } from './version-file.ts';

export interface RegistrationProps {
  readonly kalcifer: Kalcifer;
  /** Every version that this deployment holds. */
  readonly journeys: readonly Journey[];
  /**
   * Folder of message templates, `<id>.liquid`.
   *
   * @default - templates are saved through the API
   */
  readonly templates?: string;
}

/** As long as Lambda lets a function run. */
const timeout = Duration.minutes(15);

export class Registration extends Construct {
  constructor(scope: Construct, id: string, props: RegistrationProps) {
    super(scope, id);
    const { kalcifer, journeys, templates } = props;
    checkPlace(this, props);
    const folders = {
      journeys: this.gather(journeys),
      ...(templates === undefined ? {} : { templates: resolve(templates) }),
    };
    const register = new EngineFunction(this, 'Function', {
      basis: kalcifer.basis,
      verb: 'register-journeys',
      description: 'Registers the deployed versions, templates and API keys',
      settings: {
        table: kalcifer.table.tableName,
        ...channelSettings(kalcifer.channels),
        ...kalcifer.customCode,
      },
      afterFailure: 'CloudFormation waits for its answer and rolls back when there is none.',
      memoryMegabytes: 1024,
      timeout,
      folders,
    });
    // CloudFormation does not wait for the call itself. Made again after a rollback, an old one would undo it.
    register.configureAsyncInvoke({ retryAttempts: 0 });
    kalcifer.storage.allowUse(register);
    const keys = [...kalcifer.api.keys];
    register.allow({
      actions: ['apigateway:GET'],
      resources: keys.map(([, key]) =>
        Stack.of(this).formatArn({
          service: 'apigateway',
          account: '',
          resource: '/apikeys',
          resourceName: key.keyId,
        }),
      ),
    });
    const properties: RegisterProperties = {
      tenants: keys.map(([tenant]) => tenant),
      versions: journeys.map(({ journey, version, stateMachine }) => ({
        journey,
        version,
        machineArn: stateMachine.stateMachineArn,
      })),
      content: digestOf(folders),
      apiKeys: keys.map(([tenant, key]) => ({ tenant, keyId: key.keyId })),
    };
    const check = this.call(register, 'Check', {
      ...properties,
      step: 'check',
      versions: journeys.map(({ journey, version, file }) => ({
        journey,
        version,
        machineArn: this.arnOf(kalcifer.stage, file),
      })),
      apiKeys: [],
    });
    for (const { stateMachine } of journeys) stateMachine.node.addDependency(check);
    this.call(register, 'Versions', properties);
  }

  private call(
    register: EngineFunction,
    id: 'Check' | 'Versions',
    properties: RegisterProperties,
  ): CustomResource {
    return new CustomResource(this, id, {
      resourceType: `Custom::Kalcifer${id}`,
      serviceToken: register.functionArn,
      // An answer that is lost ends the deployment soon, not after the hour that CloudFormation would wait.
      serviceTimeout: timeout.plus(Duration.minutes(5)),
      properties: { ...properties },
    });
  }

  /** By its name: a reference would make whoever asks for it wait for the machine. */
  private arnOf(stage: string, version: VersionFile): string {
    return Stack.of(this).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: machineName(stage, version),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  /** Brings the drawn versions together, so that the function's bundle holds these and no others. */
  private gather(journeys: readonly Journey[]): string {
    const folder = join(Stage.of(this)?.outdir ?? 'cdk.out', `journeys.${this.node.addr}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const { journey, file } of journeys) {
      cpSync(file.graphFile, join(folder, journey, basename(file.graphFile)));
    }
    return resolve(folder);
  }
}

const registered = new WeakSet<Kalcifer>();

/**
 * Two that speak for one engine would each take back what the other has told; and order is kept within one stack only.
 *
 * @throws KalciferError `deployment.registration`
 */
function checkPlace(registration: Registration, { kalcifer, journeys }: RegistrationProps): void {
  const refuse = (why: string): never => {
    throw new KalciferError('deployment.registration', `${registration.node.path}: ${why}.`);
  };
  if (registered.has(kalcifer)) {
    refuse(`the journeys of stage "${kalcifer.stage}" are registered already, and all at once`);
  }
  registered.add(kalcifer);
  const names = journeys.map(({ journey, version }) => `${journey} v${version}`);
  for (const [place, name] of names.entries()) {
    if (names.indexOf(name) < place) refuse(`${name} is there twice`);
  }
  for (const [place, journey] of journeys.entries()) {
    if (Stack.of(journey) === Stack.of(registration)) continue;
    refuse(`${names[place]} is in another stack, which would delete its machine without asking`);
  }
}

/** Of names and contents, in order. */
function digestOf(folders: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256');
  for (const [kind, folder] of Object.entries(folders)) {
    for (const file of filesIn(folder)) {
      const text = readFileSync(join(folder, file));
      hash.update(`${kind}/${file}\n${text.length}\n`).update(text);
    }
  }
  return hash.digest('hex');
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .map((file) => file.replaceAll('\\', '/'))
    .toSorted();
}
