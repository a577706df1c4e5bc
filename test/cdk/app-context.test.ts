import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { contextNames, readContext, type AppContext } from '../../lib/cdk/app-context.ts';
import { KalciferError } from '../../lib/kalcifer-error.ts';
import { fullest } from '../support/synth-app.ts';

describe('the context of a deployment', () => {
  it('is a throwaway stage with one tenant when nothing is given', () => {
    expect(read({})).toEqual({
      stage: 'dev',
      tenants: ['default'],
      push: false,
      customCode: true,
      emulator: false,
      sesEvents: false,
      chaos: false,
    });
  });

  it('is taken as it is given', () => {
    expect(read(fullest)).toEqual({
      ...fullest,
      tenants: ['north', 'south-shop'],
      push: true,
      customCode: true,
      emulator: false,
      sesEvents: true,
      chaos: true,
    });
  });

  it('may come from cdk.json, where switches are no texts', () => {
    expect(read({ emulator: true, customCode: false, stage: 'test' })).toMatchObject({
      emulator: true,
      customCode: false,
      stage: 'test',
    });
  });

  it('leaves the names of CDK alone', () => {
    expect(
      read({ '@aws-cdk/core:anything': true, 'aws:cdk:x': [], 'hosted-zone:a': {} }).stage,
    ).toBe('dev');
  });

  it('is told in the documents, name by name', () => {
    const [, table = ''] = readFileSync('docs/aws.md', 'utf8').split('| context (');
    const rows = table.split('\n\n')[0]?.split('\n').slice(2) ?? [];
    const told = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)]);
    expect(told.map(([, name]) => name).toSorted()).toEqual(Object.keys(contextNames).toSorted());
  });

  it.each([
    [{ stage: 'My-Stage' }, ['-c stage: a stage is 1 to 20']],
    [{ tenants: 'a,,A b' }, ['-c tenants: "A b" is not']],
    [{ tenants: 'a, a' }, ['-c tenants: "a" is there twice']],
    [{ tenants: 'shop1,shop-1' }, ['-c tenants: "shop1" and "shop-1" differ in nothing but']],
    [{ tenants: ' , ' }, ['-c tenants: there is none']],
    [{ tenants: ['a', 'b'] }, ['-c tenants: it is one text']],
    [{ mailFrom: 'nobody' }, ['-c mailFrom: it is an address']],
    [{ emulator: 'yes' }, ['-c emulator: it is true or false, not "yes"']],
    [{ emulater: 'true' }, ['-c emulater: did you mean "emulator"?']],
    [{ whatever: '1' }, ['-c whatever: there is no such name']],
    [{ clickhouseUrl: 'localhost:8123' }, ['-c clickhouseUrl: it is http(s)://host:port']],
    [{ clickhouseDatabase: 'd' }, ['-c clickhouseDatabase: it needs clickhouseUrl']],
    [{ clickhouseUrl: 'http://h', clickhouseSecret: 'x' }, ['-c clickhouseSecret: it is the ARN']],
    [{ alarmTopic: 'alarms' }, ['-c alarmTopic: it is the ARN']],
    [{ smsConfigurationSet: 'texts' }, ['-c smsConfigurationSet: it needs smsOrigination']],
    [{ statemachines: 'nowhere' }, ['-c statemachines: there is no folder "nowhere"']],
    [{ sesEvents: 'true' }, ['-c sesEvents: it needs mailFrom']],
    [{ chaos: 'true', emulator: 'true' }, ['-c chaos: emulators have none of it']],
    [
      { stage: '?', tenants: 'a,a', emulator: 'on', mail: 'x' },
      ['-c mail: ', '-c emulator: ', '-c stage: ', '-c tenants: '],
    ],
  ])('is refused with everything that is wrong: %j', (given, problems) => {
    const error = refused(given);
    expect(error.code).toBe('deployment.context');
    expect(error.problems).toHaveLength(problems.length);
    for (const problem of problems) expect(error.message).toContain(problem);
  });
});

function read(given: Readonly<Record<string, unknown>>): AppContext {
  return readContext(new App({ context: { ...given } }).node);
}

function refused(given: Readonly<Record<string, unknown>>): KalciferError {
  try {
    read(given);
  } catch (error) {
    if (error instanceof KalciferError) return error;
    throw error;
  }
  throw new Error('it was taken');
}
