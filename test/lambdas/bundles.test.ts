/** The functions as they are deployed: one file each, run by Node alone. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build, type Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleOptions } from '../../lib/cdk/bundle-options.ts';

const run = promisify(execFile);
let folder: string;
let outputs: Metafile['outputs'];

async function functionNames(): Promise<readonly string[]> {
  return (await readdir('lambdas')).filter((name) => name !== '_shared');
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kalcifer-bundles-'));
  const entries = (await functionNames()).map((name) => ({
    in: `lambdas/${name}/handler.ts`,
    out: `${name}/index`,
  }));
  const built = await build({
    ...bundleOptions,
    entryPoints: [...entries, { in: 'test/lambdas/code-function.ts', out: 'code/index' }],
    outdir: folder,
    metafile: true,
  });
  outputs = built.metafile.outputs;
});

afterAll(() => rm(folder, { recursive: true }));

/** Names of the packages in a bundle. */
function packagesIn(name: string): ReadonlySet<string> {
  const [, output] =
    Object.entries(outputs).find(([file]) => file.endsWith(`/${name}/index.mjs`)) ?? [];
  const inputs = Object.entries(output?.inputs ?? {}).filter(
    ([, { bytesInOutput }]) => bytesInOutput > 0,
  );
  const names = inputs.map(([file]) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  return new Set(names.filter((found) => found !== undefined));
}

/** What Node says that it has run, in a folder without packages and an environment without settings. */
async function node(script: string): Promise<string> {
  const file = join(folder, 'script.mjs');
  await writeFile(file, script);
  const { stdout } = await run(process.execPath, [file], { cwd: folder, env: {} });
  return stdout;
}

const urlOf = (name: string): string =>
  JSON.stringify(pathToFileURL(join(folder, name, 'index.mjs')).href);

describe('the bundles of the functions', () => {
  it('hold only the clients that a function uses', async () => {
    const everywhere = ['@aws-sdk/client-dynamodb', '@aws-sdk/client-sfn'];
    const clients: Record<string, readonly string[]> = {
      'run-channel': [
        ...everywhere,
        '@aws-sdk/client-pinpoint-sms-voice-v2',
        '@aws-sdk/client-ses',
        '@aws-sdk/client-sns',
        '@aws-sdk/client-socialmessaging',
      ],
      'run-data': [...everywhere, '@aws-sdk/client-sqs'],
      'receive-event': [...everywhere, '@aws-sdk/client-sqs'],
      sweep: [...everywhere, '@aws-sdk/client-sqs'],
      'resolve-wait': [...everywhere, '@aws-sdk/client-sqs'],
      reconcile: [...everywhere, '@aws-sdk/client-sqs'],
      api: [...everywhere, '@aws-sdk/client-sqs'],
      'register-journeys': [...everywhere, '@aws-sdk/client-api-gateway'],
      'forward-history': ['@aws-sdk/client-dynamodb', '@aws-sdk/client-sqs'],
      'record-history': ['@aws-sdk/client-secrets-manager', '@aws-sdk/client-sqs'],
    };
    for (const name of await functionNames()) {
      const found = [...packagesIn(name)].filter((each) => each.startsWith('@aws-sdk/client-'));
      expect([name, found.toSorted()]).toEqual([
        name,
        [...(clients[name] ?? everywhere)].toSorted(),
      ]);
    }
  });

  it('hold neither the interpreter of custom code nor the composer of mails where nobody asks for them', async () => {
    for (const name of await functionNames()) {
      const packages = packagesIn(name);
      expect([name, packages.has('nodemailer')]).toEqual([name, name === 'run-channel']);
      const runsCode = ['api', 'register-journeys', 'run-data'].includes(name);
      expect([name, packages.has('quickjs-emscripten-core')]).toEqual([name, runsCode]);
      for (const stranger of ['lmdb', 'aws-cdk-lib', 'chdb', 'typescript', 'tsx', 'esbuild']) {
        expect([name, packages.has(stranger)]).toEqual([name, false]);
      }
    }
  });

  it('are small enough to start quickly', () => {
    const sizes = Object.entries(outputs).map(([file, { bytes }]) => [file, bytes] as const);
    expect(sizes.filter(([, bytes]) => bytes > 3_000_000)).toEqual([]);
  });

  it('can be imported without any setting, and then fail by name', async () => {
    const names = await functionNames();
    const said = await node(`
      const answers = [];
      for (const name of ${JSON.stringify(names)}) {
        const { handler } = await import('./' + name + '/index.mjs');
        const context = { getRemainingTimeInMillis: () => 60_000 };
        const { name: error } = await handler('nothing', context).catch((thrown) => thrown);
        answers.push([name, error]);
      }
      process.stdout.write('\\nANSWERS' + JSON.stringify(answers));`);
    const answers = JSON.parse(said.split('\nANSWERS')[1] ?? '') as [string, string][];
    expect(answers.map(([name]) => name)).toEqual(names);
    expect(new Set(answers.map(([, error]) => error))).toEqual(
      new Set(['function.input', 'deployment.setting_missing']),
    );
  });
});

describe('custom code in a bundle', () => {
  const answersOf = async (sources: readonly string[]): Promise<unknown> =>
    JSON.parse(
      await node(
        `import { handler } from ${urlOf('code')};
         const answers = await handler(${JSON.stringify(sources)});
         process.stdout.write(JSON.stringify(answers));`,
      ),
    );

  it('is run in a thread that begins in the same file', async () => {
    expect(
      await answersOf(['return customer.age * 2', 'return 1 +', 'throw new Error("no")']),
    ).toEqual([
      { kind: 'returned', value: 84 },
      expect.objectContaining({ kind: 'failed', code: 'code.syntax' }),
      { kind: 'failed', code: 'code.threw', detail: 'line 1: Error: no' },
    ]);
  });

  it('is ended when it takes too long, also where it counts no steps, and reaches nothing', async () => {
    expect(
      await answersOf([
        'for (;;) {}',
        'return /(a*)*b/.test("a".repeat(40))',
        'return [typeof process, typeof require, typeof fetch, typeof Date, typeof globalThis.workerData].join()',
      ]),
    ).toEqual([
      expect.objectContaining({ kind: 'failed', code: 'code.timed_out' }),
      expect.objectContaining({ kind: 'failed', code: 'code.timed_out' }),
      { kind: 'returned', value: 'undefined,undefined,undefined,undefined,undefined' },
    ]);
  });
});
