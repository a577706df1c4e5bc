import { describe, expect, it } from 'vitest';
import {
  apiKeyOutput,
  checkStage,
  functionName,
  machineName,
  machinePrefix,
  stageProblem,
} from '../../lib/cdk/physical-names.ts';
import { isKalciferError } from '../../lib/kalcifer-error.ts';

describe('a stage', () => {
  it.each(['dev', 'prod', 'eu1', 'a', 'abcdefghijklmnopqrst'])('may be %s', (stage) => {
    expect(stageProblem(stage)).toBeUndefined();
  });

  it.each(['', 'Dev', 'dev-eu', 'dev_eu', '1st', 'dev ', 'abcdefghijklmnopqrstu', 'dév'])(
    'may not be "%s"',
    (stage) => {
      expect(stageProblem(stage)).toContain(`not "${stage}"`);
      expect(() => checkStage(stage)).toThrow(`not "${stage}"`);
    },
  );

  it('of the longest name leaves room for the longest name of a function', () => {
    expect(functionName('abcdefghijklmnopqrst', 'register-journeys').length).toBeLessThanOrEqual(
      64,
    );
  });
});

describe('a state machine', () => {
  it('is named by stage, journey and version', () => {
    expect(machineName('dev', { journey: 'welcome', version: 12 })).toBe(
      'kalcifer-dev-welcome-v12',
    );
  });

  it('begins with what policies go by, which is the beginning of no other stage', () => {
    expect(machineName('dev', { journey: 'eu-welcome', version: 1 })).toMatch(
      new RegExp(`^${machinePrefix('dev')}`),
    );
    expect(machinePrefix('dev')).toBe('kalcifer-dev-');
  });

  it.each(['Sommer Sale', 'größe', 'a.b', 'a/b', 'x'.repeat(70)])(
    'cannot be named by "%s"',
    (journey) => {
      let code: unknown;
      try {
        machineName('dev', { journey, version: 1 });
      } catch (error) {
        code = isKalciferError(error) ? error.code : error;
      }
      expect(code).toBe('deployment.machine_name');
    },
  );

  it('has at most the 80 characters that Step Functions takes', () => {
    const journey = 'x'.repeat(80 - 'kalcifer-dev--v1'.length);
    expect(machineName('dev', { journey, version: 1 })).toHaveLength(80);
    expect(() => machineName('dev', { journey: `${journey}x`, version: 1 })).toThrow('80');
  });
});

it('the API key of a tenant is in an output that is named after the tenant', () => {
  expect(apiKeyOutput('acme')).toBe('ApiKeyIdAcme');
  expect(apiKeyOutput('north-shop2')).toBe('ApiKeyIdNorthShop2');
});
