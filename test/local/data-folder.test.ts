import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDataFolder } from '../../lib/local/data-folder.ts';

let home: string;
let path: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'kalcifer-folder-'));
  path = join(home, 'data');
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

describe('a folder that is ours, or can be', () => {
  test('is created with its parents, and says its format', async () => {
    const folder = await openDataFolder(join(path, 'deep', 'down'));
    expect(folder.path).toBe(join(path, 'deep', 'down'));
    expect(folder.tablePath).toBe(join(path, 'deep', 'down', 'table'));
    expect(readFileSync(join(folder.path, 'kalcifer.json'), 'utf8')).toBe('{"format":1}\n');
    await folder.close();
  });

  test('may be there and empty', async () => {
    mkdirSync(path);
    const folder = await openDataFolder(path);
    await folder.close();
    expect(existsSync(join(path, 'kalcifer.json'))).toBe(true);
  });

  test('opens again after it was closed', async () => {
    for (let time = 0; time < 3; time += 1) await (await openDataFolder(path)).close();
    expect(readdirSync(join(path, 'lock'))).toEqual([]);
  });

  test('may hold other things besides ours', async () => {
    await (await openDataFolder(path)).close();
    writeFileSync(join(path, 'notes.txt'), 'mine');
    await (await openDataFolder(path)).close();
    expect(readFileSync(join(path, 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('may be what a first start that was interrupted has left', async () => {
    mkdirSync(join(path, 'lock'), { recursive: true });
    writeFileSync(join(path, 'lock', '999999999_0_1'), 'holds the folder');
    writeFileSync(join(path, 'kalcifer.json.new'), '{"for');
    await (await openDataFolder(path)).close();
    expect(readFileSync(join(path, 'kalcifer.json'), 'utf8')).toBe('{"format":1}\n');
    expect(readdirSync(join(path, 'lock'))).toEqual([]);
  });
});

describe('a folder that is not', () => {
  /** Whatever is refused must be found as it was, to the last byte and time stamp. */
  async function refusal(): Promise<{ code: string; message: string }> {
    const before = snapshot(home);
    const error: unknown = await openDataFolder(path).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(snapshot(home)).toEqual(before);
    return error as { code: string; message: string };
  }

  test('is refused when it was written by a newer Kalcifer', async () => {
    mkdirSync(path);
    writeFileSync(join(path, 'kalcifer.json'), '{"format":2,"more":true}');
    expect(await refusal()).toMatchObject({
      code: 'data_folder.foreign',
      message: `The data folder ${path} was written by a newer Kalcifer (format 2); this one reads format 1.`,
    });
  });

  test.each(['', '{', '[]', 'null', '{}', '{"format":"1"}', '{"format":0}', '{"format":1.5}'])(
    'is refused when kalcifer.json is %j',
    async (text) => {
      mkdirSync(path);
      writeFileSync(join(path, 'kalcifer.json'), text);
      expect(await refusal()).toMatchObject({
        code: 'data_folder.damaged',
        message: `The data folder ${path} has a kalcifer.json that does not say {"format": 1}.`,
      });
    },
  );

  test('is refused when it is a file', async () => {
    writeFileSync(path, 'hello');
    expect(await refusal()).toMatchObject({
      code: 'data_folder.unusable',
      message: `The data folder ${path} is a file, not a folder.`,
    });
  });

  test('is refused when it cannot be created', async () => {
    writeFileSync(join(home, 'file'), 'hello');
    path = join(home, 'file', 'data');
    expect(await refusal()).toMatchObject({
      code: 'data_folder.unusable',
      message: expect.stringContaining('cannot be used: ENOTDIR') as string,
    });
  });

  test.runIf(process.platform === 'linux')('is refused when nothing can be written', async () => {
    await expect(openDataFolder('/proc/kalcifer')).rejects.toMatchObject({
      code: 'data_folder.unusable',
      message: expect.stringContaining('The data folder /proc/kalcifer cannot be used:') as string,
    });
  });

  test('is refused when its about file cannot be read', async () => {
    mkdirSync(join(path, 'kalcifer.json'), { recursive: true });
    expect(await refusal()).toMatchObject({
      code: 'data_folder.unusable',
      message: expect.stringContaining('EISDIR') as string,
    });
  });

  test('is refused when it holds other things and no kalcifer.json', async () => {
    mkdirSync(join(path, 'table'), { recursive: true });
    expect(await refusal()).toMatchObject({
      code: 'data_folder.foreign',
      message: `The data folder ${path} holds other things and no kalcifer.json; choose an empty folder, or one of Kalcifer's.`,
    });
  });

  test('may lie around what other commands installed there before', async () => {
    for (const name of ['chdb', 'clickhouse', 'local', 'ministack']) {
      mkdirSync(join(path, name), { recursive: true });
    }
    await (await openDataFolder(path)).close();
  });

  test('is refused when this process has it already', async () => {
    const folder = await openDataFolder(path);
    expect(await refusal()).toMatchObject({
      code: 'data_folder.locked',
      message: `The data folder ${path} is in use by another Kalcifer (process ${process.pid}); stop it first.`,
    });
    await folder.close();
  });

  test('is refused when the data file is damaged', async () => {
    await (await openDataFolder(path)).close();
    mkdirSync(join(path, 'table'));
    writeFileSync(join(path, 'table', 'data.mdb'), 'once there was a table');
    expect(await refusal()).toMatchObject({
      code: 'data_folder.damaged',
      message: `The data folder ${path} cannot be opened: table/data.mdb is not a data file of this Kalcifer: its head is missing; restore the whole folder from a backup.`,
    });
  });
});

function snapshot(folder: string): unknown[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const file = join(folder, name);
      const { mtimeMs, ctimeMs, mode } = statSync(file);
      const content = statSync(file).isFile() ? readFileSync(file, 'latin1') : '';
      return { name, mtimeMs, ctimeMs, mode, content };
    });
}
