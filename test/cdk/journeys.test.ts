import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  resourcesOf,
  synthesizeCore,
  type Properties,
  type StackTemplate,
} from '../support/synth-app.ts';

const folder = copyOfSamples();
const before = synthesizeCore({ statemachines: folder });

describe('every version', () => {
  it('is one state machine, named by journey and version', () => {
    const names = machines(before).map(({ Properties }) => Properties.StateMachineName as string);
    expect(names.toSorted()).toEqual([
      'kalcifer-dev-abandoned-cart-v1',
      'kalcifer-dev-re-engagement-v1',
      'kalcifer-dev-welcome-v1',
    ]);
  });

  it('is a standard one, with a log of errors only that holds nothing of what tasks were given', () => {
    for (const { Properties } of machines(before)) {
      expect(Properties).toMatchObject({
        StateMachineType: 'STANDARD',
        LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: false },
        TracingConfiguration: { Enabled: true },
      });
    }
  });

  it('fills every placeholder of a compiled machine with a function', () => {
    const text = readFileSync('statemachines/welcome/v1.asl.json', 'utf8');
    const placeholders = new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
    const [machine] = machines(before);
    const filled = Object.keys(machine?.Properties.DefinitionSubstitutions);
    expect([...placeholders].filter((name) => !filled.includes(name ?? ''))).toEqual([]);
    expect(filled).toHaveLength(8);
  });
});

describe('a new version', () => {
  const grown = copyOfSamples();
  addVersion(grown, 'welcome', 2);
  const after = synthesizeCore({ statemachines: grown });

  it('adds one state machine', () => {
    expect(machines(after)).toHaveLength(machines(before).length + 1);
    expect(machines(after).map(({ Properties }) => Properties.StateMachineName)).toContain(
      'kalcifer-dev-welcome-v2',
    );
  });

  it('leaves the part of each older version as it is, byte by byte', () => {
    for (const { id, ...old } of machines(before)) {
      expect(JSON.stringify(after.Resources[id])).toBe(JSON.stringify(old));
    }
  });

  it('is the only thing that changes, but for what is told to the engine', () => {
    const changed = Object.entries(before.Resources)
      .filter(([id, resource]) => JSON.stringify(after.Resources[id]) !== JSON.stringify(resource))
      .map(([, { Type }]) => Type);
    expect(changed.toSorted()).toEqual(['Custom::KalciferCheck', 'Custom::KalciferVersions']);
  });

  it('may take the place of an older one that is gone', () => {
    rmSync(join(grown, 'welcome', 'v1.journey.json'));
    rmSync(join(grown, 'welcome', 'v1.asl.json'));
    const shrunk = synthesizeCore({ statemachines: grown });
    expect(machines(shrunk).map(({ Properties }) => Properties.StateMachineName)).not.toContain(
      'kalcifer-dev-welcome-v1',
    );
    expect(registration(shrunk).versions).toHaveLength(3);
  });
});

describe('the registration', () => {
  it('names every version with its machine, so that it comes after all of them', () => {
    const ids = machines(before).map(({ id }) => id);
    const { versions } = registration(before);
    expect(
      versions.map(({ machineArn }: { machineArn: { Ref: string } }) => machineArn.Ref),
    ).toEqual(ids);
    expect(versions[2]).toMatchObject({ journey: 'welcome', version: 1 });
  });

  it('asks about the same versions before any machine is made or changed', () => {
    const [check] = resourcesOf(before, 'Custom::KalciferCheck');
    const { step, versions, content, ServiceToken } = check?.Properties ?? {};
    expect(step).toBe('check');
    expect([content, ServiceToken]).toEqual([
      registration(before).content,
      registration(before).ServiceToken,
    ]);
    expect(JSON.stringify(versions[2].machineArn)).toContain(
      ':stateMachine:kalcifer-dev-welcome-v1',
    );
    const waiting = machines(before).filter(({ DependsOn }) =>
      DependsOn?.includes(check?.id ?? ''),
    );
    expect(waiting).toHaveLength(3);
    for (const { id } of waiting) expect(JSON.stringify(check)).not.toContain(id);
  });

  it('names tenants and the ids of their keys, and no value of any', () => {
    const template = synthesizeCore({ tenants: 'north,south' });
    const { tenants, apiKeys } = registration(template);
    expect(tenants).toEqual(['north', 'south']);
    const keys = resourcesOf(template, 'AWS::ApiGateway::ApiKey');
    expect(apiKeys).toEqual(
      keys.map(({ id }, place) => ({ tenant: tenants[place], keyId: { Ref: id } })),
    );
    expect(keys.filter(({ Properties }) => 'Value' in Properties)).toEqual([]);
  });

  it('calls our own function, and does not wait for hours', () => {
    const { ServiceToken, ServiceTimeout } = registration(before);
    const target = before.Resources[ServiceToken['Fn::GetAtt'][0]];
    expect(target?.Properties.FunctionName).toBe('kalcifer-dev-register-journeys');
    expect(Number(ServiceTimeout)).toBeGreaterThan(target?.Properties.Timeout);
    expect(Number(ServiceTimeout)).toBeLessThanOrEqual(1200);
    const retries = resourcesOf(before, 'AWS::Lambda::EventInvokeConfig').find(
      ({ Properties }) => Properties.FunctionName.Ref === ServiceToken['Fn::GetAtt'][0],
    );
    expect(retries?.Properties.MaximumRetryAttempts).toBe(0);
  });

  it('changes when a journey changes or a template does, and only then', () => {
    const { content } = registration(before);
    expect(registration(synthesizeCore({ statemachines: copyOfSamples() })).content).toBe(content);
    const drawn = copyOfSamples();
    addVersion(drawn, 'welcome', 2);
    expect(registration(synthesizeCore({ statemachines: drawn })).content).not.toBe(content);
    const templates = mkdtempSync(join(tmpdir(), 'kalcifer-templates-'));
    cpSync('templates', templates, { recursive: true });
    writeFileSync(join(templates, 'another.liquid'), 'Hello');
    expect(registration(synthesizeCore({ templates })).content).not.toBe(content);
  });
});

describe('a machine that is not what its journey compiles to', () => {
  it('ends the synthesis, saying which and what to do', () => {
    const drifted = copyOfSamples();
    const file = join(drifted, 'welcome', 'v1.asl.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"MaxAttempts": 8', '"MaxAttempts": 9'));
    expect(() => synthesizeCore({ statemachines: drifted })).toThrow(
      'welcome/v1.asl.json: it is not what v1.journey.json compiles to: run "npm run statemachines"',
    );
  });
});

function machines(template: StackTemplate): ReturnType<typeof resourcesOf> {
  return resourcesOf(template, 'AWS::StepFunctions::StateMachine');
}

function registration(template: StackTemplate): Properties {
  const [only] = resourcesOf(template, 'Custom::KalciferVersions');
  if (only === undefined) throw new Error('there is no registration');
  return only.Properties;
}

function copyOfSamples(): string {
  const copy = mkdtempSync(join(tmpdir(), 'kalcifer-journeys-'));
  cpSync('statemachines', copy, { recursive: true });
  return copy;
}

/** The same graph under another number: only the comment of its machine differs. */
function addVersion(journeys: string, journey: string, version: number): void {
  const path = (of: number, kind: string): string => join(journeys, journey, `v${of}.${kind}.json`);
  cpSync(path(1, 'journey'), path(version, 'journey'));
  const machine = readFileSync(path(1, 'asl'), 'utf8');
  writeFileSync(
    path(version, 'asl'),
    machine.replace(`"${journey} v1"`, `"${journey} v${version}"`),
  );
}
