import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { drawGraph } from '../support/graphs.ts';
import { runCli, runCliIn, runCliWith, startCli } from '../support/run-cli.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kalcifer-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

it('ends quietly when nobody reads on', async () => {
  const child = startCli(['validate', 'statemachines/welcome/v1.journey.json']);
  child.stdout?.destroy();
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect([code, said]).toEqual([141, '']);
});

describe('kalcifer validate', () => {
  it('accepts the samples and says how long they may wait', async () => {
    const { code, stdout } = await runCli('validate', 'statemachines/welcome/v1.journey.json');
    expect(stdout).toBe(
      'ok statemachines/welcome/v1.journey.json: 8 nodes, waits at most 7d, 0 warnings\n',
    );
    expect(code).toBe(0);
  });

  it('tells every problem with its line and a hint, and exits with 1', async () => {
    const path = await file(
      'bad.json',
      [
        '{',
        '  "nodes": [',
        '    { "id": "in", "type": "event_entry", "config": { "event_type": "go" } },',
        '    { "id": "w", "type": "wait", "config": { "duration": "soon" } },',
        '    { "id": "lost", "type": "exitt" }',
        '  ],',
        '  "edges": [',
        '    { "source": "in", "target": "w" },',
        '    { "source": "w", "target": "nowhere" }',
        '  ]',
        '}',
        '',
      ].join('\n'),
    );
    const { code, stdout } = await runCli('validate', path);
    expect(code).toBe(1);
    expect(stdout).toContain(`${path}:4:58 error`);
    expect(stdout).toContain('[graph.node_config]');
    expect(stdout).toContain(`${path}:5:5 error unknown node type "exitt"`);
    expect(stdout).toContain(`${path}:9:5 error`);
    expect(stdout).toContain('  4 |     { "id": "w"');
    expect(stdout).toContain('hint');
    expect(stdout).toContain(`refused ${path}: 4 problems`);
  });

  it('shows the place of custom code that cannot be read, and its line', async () => {
    const config = { source: 'const a = 1;\nreturn a +;' };
    const graph = drawGraph(
      { in: ['event_entry', { event_type: 'go' }], code: ['custom_code', config], out: ['exit'] },
      ['in -> code', 'code -> out'],
    );
    const path = await file('code.json', JSON.stringify(graph, null, 2));
    const { code, stdout } = await runCli('validate', path);
    expect(code).toBe(1);
    expect(stdout).toContain(
      `${path}:14:19 error the code of node "code" cannot be read: line 2: unexpected token in expression: ';' [graph.code_syntax]`,
    );
  });

  it('says so when a file is missing or is not JSON, and still checks the others', async () => {
    const broken = await file('broken.json', '{ "nodes": [');
    const { code, stdout } = await runCli(
      'validate',
      join(folder, 'none.json'),
      broken,
      'statemachines/welcome/v1.journey.json',
    );
    expect(code).toBe(1);
    expect(stdout).toContain('there is no such file');
    expect(stdout).toContain(
      `${broken}:1:13 error it is not JSON: close bracket expected [file.not_json]\n  1 | { "nodes": [`,
    );
    expect(stdout).toContain('ok statemachines/welcome');
  });
});

describe('kalcifer validate, on files that programs wrote', () => {
  it('passes over a byte order mark', async () => {
    const path = await file('bom.json', '\uFEFF{"nodes":[],"edges":[]}');
    const { stdout } = await runCli('validate', path);
    expect(stdout).toContain('[graph.no_entry]');
    expect(stdout).not.toContain('not JSON');
  });

  it('shows of a long line only what is around the problem', async () => {
    const nodes = Array.from({ length: 200 }, (_, n) => ({ id: `exit_${n}`, type: 'exit' }));
    nodes[100] = { id: 'odd', type: 'exitt' };
    const path = await file('long.json', JSON.stringify({ nodes, edges: [] }));
    const { stdout } = await runCli('validate', path);
    const [shown = ''] = stdout.split('\n').filter((line) => line.includes('{"id":"odd"'));
    expect(shown.length).toBeLessThan(200);
    expect(shown).toMatch(/^ {2}1 \| … .* …$/);
  });

  it('survives a file that is nested without end', async () => {
    const path = await file('deep.json', '['.repeat(200_000));
    const { code, stdout, stderr } = await runCli('validate', path);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toContain(`${path}:1:1 error it is not JSON`);
  });
});

describe('colours', () => {
  it('are shown when they are forced, and never under NO_COLOR', async () => {
    const [none, missing] = [String.fromCharCode(27), join(folder, 'none.json')];
    const coloured = await runCliWith({ NO_COLOR: '', FORCE_COLOR: '1' }, 'validate', missing);
    expect(coloured.stdout).toContain(`${none}[31merror${none}[39m`);
    const plain = await runCliWith({ NO_COLOR: '1', FORCE_COLOR: '1' }, 'validate', missing);
    expect(plain.stdout).not.toContain(none);
    const piped = await runCliWith({ NO_COLOR: '', FORCE_COLOR: '' }, 'validate', missing);
    expect(piped.stdout).not.toContain(none);
  });
});

describe('an option that is no number', () => {
  it.each([
    [['dev', '--port', 'abc'], 0, 65_535],
    [['dev', '--port', '65536'], 0, 65_535],
    [['demo', '--customers', '1.5'], 1, 100_000],
    [['demo', '--days', '-1'], 1, 365],
  ])('%j is refused before anything begins', async (args, min, max) => {
    const { code, stdout, stderr } = await runCliIn(folder, ...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`It must be a whole number from ${min} to ${max}.`);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('kalcifer compile', () => {
  it('prints the state machine', async () => {
    const { code, stdout } = await runCli('compile', 'statemachines/welcome/v1.journey.json');
    expect(code).toBe(0);
    const machine = JSON.parse(stdout) as { StartAt: string; States: Record<string, unknown> };
    expect(machine.StartAt).toBe('(start)');
    expect(machine.States).toHaveProperty('welcome_email');
  });

  it('prints nothing but the problems of a journey that cannot be compiled', async () => {
    const path = await file('empty.json', '{"nodes":[],"edges":[]}');
    const { code, stdout, stderr } = await runCli('compile', path);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('entry');
  });
});

describe('kalcifer statemachines', () => {
  it('finds the files beside the drawings up to date', async () => {
    const { code, stdout } = await runCli('statemachines', '--check');
    expect([code, stdout]).toEqual([0, '3 versions, 0 differs\n']);
  });
});

describe('kalcifer statemachines, without the folder', () => {
  it('says so in one sentence', async () => {
    const { code, stderr } = await runCliIn(folder, 'statemachines');
    expect([code, stderr]).toEqual([
      1,
      'error The folder "statemachines" cannot be read. [file.unreadable]\n',
    ]);
  });
});

describe('kalcifer dev', () => {
  it('walks one customer to the goal, and exits when told to walk once', async () => {
    const { code, stdout, stderr } = await runCli(
      'dev',
      '--once',
      '--folder',
      join(folder, 'data'),
      '--port',
      '0',
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/API key +kal_/);
    expect(stdout).toContain('one day of the journey takes 1s');
    expect(stdout).toMatch(/waiting +opened .*at most 3s/);
    expect(stdout).toMatch(/done +reminder_email +email sent/);
    expect(stdout).toContain('counts activated');
    expect(stdout).toMatch(/completed +welcome-demo/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends cleanly at %s, also in the middle of the walk, and goes on with the next start',
    async (signal) => {
      const args = ['dev', '--folder', join(folder, 'data'), '--port', '0'];
      const child = startCli(args);
      onTestFinished(() => void child.kill('SIGKILL'));
      let stdout = '';
      await new Promise<void>((resolve) => {
        child.stdout?.on('data', (chunk: Buffer) => {
          stdout += chunk.toString();
          if (stdout.includes('parked on disk')) resolve();
        });
      });
      child.kill(signal);
      const [exit] = (await once(child, 'close')) as [number | null];
      expect(exit).toBe(0);
      expect(stdout).toContain('Stopping; everything is kept');
      expect(stdout).not.toContain('Try next');
      const next = await runCli(...args, '--once', '--no-walk');
      expect([next.code, next.stderr]).toEqual([0, '']);
    },
  );

  it('keeps everything between starts, and shows the key only once', async () => {
    const args = ['--no-walk', '--folder', join(folder, 'data'), '--port', '0'];
    const first = await runCli('dev', '--once', ...args);
    const second = await runCli('dev', '--once', ...args);
    expect(first.stdout).toContain('published welcome v1');
    expect(second.stdout).toContain('is there  welcome v1');
    expect(second.stdout).not.toContain('kal_');
    const third = await runCli('dev', '--once', '--new-key', ...args);
    expect(third.stdout).toContain('kal_');
  });

  it('refuses a port that is in use with one sentence, and leaves the data as it was', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await runCli(
      'dev',
      '--folder',
      join(folder, 'data'),
      '--port',
      String(port),
    );
    expect(code).toBe(1);
    expect(stderr).toBe(
      `error Port ${port} on 127.0.0.1 is in use; choose another with --port, or stop what listens there. [port.in_use]\n`,
    );
  });

  it('refuses a folder that another process uses with one sentence', async () => {
    const data = join(folder, 'data');
    const child = startCli(['dev', '--no-walk', '--folder', data, '--port', '0']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await new Promise<void>((resolve) => {
      child.stdout?.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('Ctrl-C')) resolve();
      });
    });
    const { code, stderr } = await runCli('dev', '--once', '--folder', data, '--port', '0');
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('[data_folder.locked]');
    child.kill('SIGTERM');
    const [exit] = (await once(child, 'exit')) as [number | null];
    expect(exit).toBe(0);
  });

  it('refuses a folder that is not its own, and writes nothing into it', async () => {
    await writeFile(join(folder, 'thesis.txt'), 'mine');
    const { code, stderr } = await runCli('dev', '--once', '--folder', folder, '--port', '0');
    expect(code).toBe(1);
    expect(stderr).toContain('[data_folder.');
    expect(await readdir(folder)).toEqual(['thesis.txt']);
  });

  it('refuses a data file that is damaged, and leaves it alone', async () => {
    const data = join(folder, 'data');
    await runCli('dev', '--once', '--no-walk', '--folder', data, '--port', '0');
    const table = join(data, 'table');
    const [file = ''] = (await readdir(table)).filter((name) => name.endsWith('.mdb'));
    expect(existsSync(join(table, file))).toBe(true);
    await writeFile(join(table, file), 'not a database at all');
    const { code, stderr } = await runCli('dev', '--once', '--folder', data, '--port', '0');
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('[data_folder.damaged]');
  });
});

describe('kalcifer demo', () => {
  it('simulates customers and tells what became of them', async () => {
    const { code, stdout } = await runCli('demo', '--customers', '60', '--days', '20');
    expect(code).toBe(0);
    expect(stdout).toContain('100 %');
    expect(stdout).toMatch(/signed_up +event_entry +60/);
    expect(stdout).toMatch(/activated +\d+ +\d+%/);
    expect(stdout).toMatch(/One of them: customer-\d+/);
    expect(stdout).toMatch(/events\/s on the virtual clock/);
  });
});

it('an unknown command is told, and what there is', async () => {
  const { code, stderr } = await runCli('fly');
  expect(code).toBe(1);
  expect(stderr).toContain("unknown command 'fly'");
  expect(stderr).toContain('kalcifer --help');
});
