/** Deployments as CloudFormation would get them: really synthesized, only without bundling the functions. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { addRulePacks } from '../../bin/rule-packs.ts';
import { addDeploymentStacks } from '../../lib/cdk/deployment-stacks.ts';

const { context: flags } = JSON.parse(readFileSync('cdk.json', 'utf8')) as {
  context: Record<string, unknown>;
};

/** Looked into at any depth: what is there is what is tested. */
export type Properties = Record<string, ReturnType<typeof JSON.parse>>;

export interface Resource {
  readonly Type: string;
  readonly Properties: Properties;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
}

/** A template, as far as tests look into one. */
export interface StackTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** Takes no seconds for checks: another test checks all that there can be. */
export function uncheckedApp(context: Context = {}): App {
  return newApp(context, false);
}

/** Checked as `bin/app.ts` is: by the rules of CloudFormation, and by cdk-nag. */
export function checkedApp(context: Context = {}): App {
  const app = newApp(context, true);
  addRulePacks(app);
  return app;
}

type Context = Readonly<Record<string, string>>;

function newApp(context: Context, builtinCloudFormationValidation: boolean): App {
  return new App({
    outdir: mkdtempSync(join(tmpdir(), 'kalcifer-cdk-')),
    context: { ...flags, ...context, 'aws:cdk:bundling-stacks': [] },
    builtinCloudFormationValidation,
  });
}

/** The templates of all stacks, by name. */
export function synthesize(context: Context = {}): Readonly<Record<string, StackTemplate>> {
  const app = uncheckedApp({ mailFrom: 'journeys@example.com', ...context });
  addDeploymentStacks(app);
  const { stacks } = app.synth();
  return Object.fromEntries(
    stacks.map(({ stackName, template }) => [stackName, template as StackTemplate]),
  );
}

/** The template of the core stack. */
export function synthesizeCore(context: Readonly<Record<string, string>> = {}): StackTemplate {
  const core = synthesize(context)[`kalcifer-${context.stage ?? 'dev'}`];
  if (core === undefined) throw new Error('there is no core stack');
  return core;
}

export function resourcesOf(
  template: StackTemplate,
  type: string,
): readonly (Resource & { readonly id: string })[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => ({ id, ...resource }));
}

/** Everything that can be switched on at once. */
export const fullest: Context = {
  stage: 'prod',
  tenants: 'north,south-shop',
  mailFrom: 'journeys@example.com',
  smsOrigination: 'arn:aws:sms-voice:eu-west-1:111122223333:pool/pool-1',
  smsConfigurationSet: 'texts',
  push: 'true',
  whatsappOrigination: 'phone-number-id-0123',
  clickhouseUrl: 'https://clickhouse.example.com:8443',
  clickhouseDatabase: 'journeys',
  clickhouseSecret: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:clickhouse-AbCdEf',
  alarmTopic: 'arn:aws:sns:eu-west-1:111122223333:alarms',
  sesEvents: 'true',
  chaos: 'true',
};
