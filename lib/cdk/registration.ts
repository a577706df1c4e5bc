/**
 * Tells the engine which versions are deployed, with which templates and API keys: a custom resource that calls our own function.
 *
 * Order is what keeps running instances safe. It names the state machines, so it comes after them. When a version is gone from a
 * deployment, CloudFormation deletes its state machine only in the clean-up after everything else has succeeded; while the version has
 * live instances this resource refuses, the update is rolled back, and the machine was never touched.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { CustomResource, Duration, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { RegisterProperties } from '../deployment.ts';
import { channelSettings } from './channel-access.ts';
import { EngineFunction } from './engine-function.ts';
import type { Journey } from './journey.ts';
import type { Kalcifer } from './kalcifer.ts';

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
    new CustomResource(this, 'Versions', {
      resourceType: 'Custom::KalciferVersions',
      serviceToken: register.functionArn,
      // An answer that is lost ends the deployment soon, not after the hour that CloudFormation would wait.
      serviceTimeout: timeout.plus(Duration.minutes(5)),
      properties: { ...properties },
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
