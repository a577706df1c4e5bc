import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { awsTarget } from '../../../bin/local/aws-target.ts';
import { onEmulator, readDeployment } from '../../../bin/local/deployment.ts';
import { localFolder } from '../../../bin/local/local-folder.ts';

const target = awsTarget({ AWS_ENDPOINT_URL: 'http://localhost:4577' });

it('an API on an emulator is under a path of its endpoint', () => {
  expect(onEmulator('https://a1b2.execute-api.eu-west-1.amazonaws.com/api/', target)).toBe(
    'http://localhost:4577/_aws/execute-api/a1b2/api/',
  );
  expect(onEmulator('https://a1b2.execute-api.localhost.localstack.cloud:4566/api/', target)).toBe(
    'http://localhost:4577/_aws/execute-api/a1b2/api/',
  );
  expect(onEmulator('http://localhost:9/elsewhere', target)).toBe('http://localhost:9/elsewhere');
});

it('a deployment is read from the outputs of all its stacks', () => {
  const base = mkdtempSync(join(tmpdir(), 'kalcifer-local-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const folder = localFolder(base);
  expect(() => readDeployment(folder, 'dev', target)).toThrow(
    'Stage "dev" is not deployed here yet: npm run local:deploy',
  );
  expect(() => readDeployment(folder, 'test', target)).toThrow(
    'npm run local:deploy -- --stage test',
  );
  mkdirSync(dirname(folder.outputs('dev')), { recursive: true });
  writeFileSync(
    folder.outputs('dev'),
    JSON.stringify({
      'kalcifer-dev': { ApiUrl: 'https://a1.execute-api.us-east-1.amazonaws.com/api/' },
      other: { BusName: 'kalcifer-dev' },
    }),
  );
  expect(readDeployment(folder, 'dev', target)).toEqual({
    apiUrl: 'http://localhost:4577/_aws/execute-api/a1/api/',
    outputs: {
      ApiUrl: 'https://a1.execute-api.us-east-1.amazonaws.com/api/',
      BusName: 'kalcifer-dev',
    },
  });
});
