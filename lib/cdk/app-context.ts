/**
 * What `cdk deploy -c name=value` was given, or stands under `context` in cdk.json: read once, all mistakes told at once, and turned
 * into what the stacks are made with.
 */
import { existsSync } from 'node:fs';
import type { Node } from 'constructs';
import { KalciferError, type Problem } from '../kalcifer-error.ts';
import { nearestName } from '../journey/nearest-name.ts';
import { stageProblem } from './physical-names.ts';
import { sharedOutput, tenantsFault } from './tenant-names.ts';

/** What may be given, and what it means. */
export const contextNames = {
  stage: 'name of the stage; `dev` is thrown away with its stack, every other one is protected',
  tenants: 'tenants, separated by commas',
  mailFrom: 'sender of mails: an identity that SES has verified',
  smsOrigination: 'phone number, pool or sender id of SMS, by id or ARN',
  smsConfigurationSet: 'configuration set of SMS',
  push: '`true` for push notifications through SNS',
  whatsappOrigination: 'id of the phone number of WhatsApp messages',
  clickhouseUrl: 'http(s) URL of a ClickHouse; without one no history is recorded',
  clickhouseDatabase: 'its database',
  clickhouseSecret: 'ARN of a secret { "username", "password" }',
  alarmTopic: 'ARN of an SNS topic that hears of alarms',
  customCode: '`false` where journeys must not run JavaScript',
  statemachines: 'folder of journeys; `statemachines` of this package unless told',
  templates: 'folder of message templates; `templates` of this package unless told',
  emulator: '`true` leaves out what emulators lack',
  sesEvents: '`true` adds the stack that brings opens, clicks and bounces back',
  chaos: '`true` adds the stack of experiments',
} as const;

type Name = keyof typeof contextNames;
type Texts = Readonly<Partial<Record<Name, string>>>;

export interface AppContext {
  readonly stage: string;
  readonly tenants: readonly string[];
  readonly mailFrom?: string;
  readonly smsOrigination?: string;
  readonly smsConfigurationSet?: string;
  readonly whatsappOrigination?: string;
  readonly clickhouseUrl?: string;
  readonly clickhouseDatabase?: string;
  readonly clickhouseSecret?: string;
  readonly alarmTopic?: string;
  readonly statemachines?: string;
  readonly templates?: string;
  readonly push: boolean;
  readonly customCode: boolean;
  readonly emulator: boolean;
  readonly sesEvents: boolean;
  readonly chaos: boolean;
}

/** @throws KalciferError `deployment.context` with everything that is wrong */
export function readContext(node: Node): AppContext {
  const given = node.getAllContext() as Readonly<Record<string, unknown>>;
  const problems: Problem[] = [...unknownNames(Object.keys(given))];
  const texts = readTexts(given, problems);
  const {
    stage = 'dev',
    tenants = 'default',
    push,
    customCode,
    emulator,
    sesEvents,
    chaos,
    ...rest
  } = texts;
  for (const [name, fault] of faults(texts)) problems.push(problem(name, fault));
  if (problems.length > 0) throw contextError(problems);
  return {
    ...rest,
    stage,
    tenants: listOf(tenants),
    push: push === 'true',
    customCode: customCode !== 'false',
    emulator: emulator === 'true',
    sesEvents: sesEvents === 'true',
    chaos: chaos === 'true',
  };
}

function readTexts(given: Readonly<Record<string, unknown>>, problems: Problem[]): Texts {
  const texts: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = given[name];
    if (value === undefined || value === '') continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      texts[name] = String(value).trim();
    } else {
      problems.push(problem(name, 'it is one text, not a list or an object'));
    }
  }
  return texts;
}

const names = Object.keys(contextNames) as Name[];
const switches: readonly Name[] = ['push', 'customCode', 'emulator', 'sesEvents', 'chaos'];

/** CDK's own names have colons, hyphens and the like. */
function unknownNames(given: readonly string[]): readonly Problem[] {
  return given
    .filter((name) => /^[A-Za-z]+$/.test(name) && !Object.hasOwn(contextNames, name))
    .map((name) => {
      const nearest = nearestName(name, names);
      return problem(
        name,
        nearest === undefined ? 'there is no such name' : `did you mean "${nearest}"?`,
      );
    });
}

function* faults(texts: Texts): Generator<readonly [Name, string]> {
  for (const name of switches) {
    const text = texts[name];
    if (text !== undefined && text !== 'true' && text !== 'false') {
      yield [name, `it is true or false, not "${text}"`];
    }
  }
  const stageFault = texts.stage === undefined ? undefined : stageProblem(texts.stage);
  if (stageFault !== undefined) yield ['stage', stageFault];
  if (texts.tenants !== undefined) {
    const tenants = listOf(texts.tenants);
    const fault = tenantsFault(tenants) ?? sharedOutput(tenants);
    if (fault !== undefined) yield ['tenants', fault];
  }
  for (const [name, form, what] of forms) {
    const text = texts[name];
    if (text !== undefined && !form.test(text)) yield [name, `it is ${what}, not "${text}"`];
  }
  for (const name of ['statemachines', 'templates'] as const) {
    const folder = texts[name];
    if (folder !== undefined && !existsSync(folder)) yield [name, `there is no folder "${folder}"`];
  }
  for (const [name, needed] of needs) {
    if (isOn(texts[name]) && texts[needed] === undefined) yield [name, `it needs ${needed}, too`];
  }
  for (const name of ['sesEvents', 'chaos'] as const) {
    if (isOn(texts[name]) && isOn(texts.emulator)) yield [name, 'emulators have none of it'];
  }
}

const forms: readonly (readonly [Name, RegExp, string])[] = [
  ['mailFrom', /^(?:[^<>]+<)?[^\s@<>]+@[^\s@<>]+>?$/, 'an address, or "Name <address>"'],
  ['clickhouseUrl', /^https?:\/\/[^\s/]+\/?$/, 'http(s)://host:port'],
  ['clickhouseSecret', /^arn:[^:]+:secretsmanager:[^:]+:\d{12}:secret:\S+$/, 'the ARN of a secret'],
  ['alarmTopic', /^arn:[^:]+:sns:[^:]+:\d{12}:\S+$/, 'the ARN of a topic'],
];

const needs: readonly (readonly [Name, Name])[] = [
  ['clickhouseSecret', 'clickhouseUrl'],
  ['clickhouseDatabase', 'clickhouseUrl'],
  ['smsConfigurationSet', 'smsOrigination'],
  ['sesEvents', 'mailFrom'],
];

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

function isOn(text: string | undefined): boolean {
  return text !== undefined && text !== 'false';
}

function problem(name: string, fault: string): Problem {
  return { code: 'deployment.context', path: name, message: `-c ${name}: ${fault}` };
}

function contextError(problems: readonly Problem[]): KalciferError {
  const told = problems.map(({ message }) => `- ${message}`);
  return new KalciferError(
    'deployment.context',
    ['The context of the deployment has mistakes:', ...told].join('\n'),
    { problems },
  );
}
