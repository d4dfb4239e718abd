/**
 * The same checks with each driver, with `--mode native`: in Node 22, 24 and 26, Deno and Bun, which must be installed by
 * `npm run conformance -- --install`.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/store/open-database.js';
import { bundleProgram } from './child-process.js';
import { RUNTIMES } from './runtimes.js';
import { temporaryFile, temporaryFolder } from './temporary-folder.js';

const ALL = process.env.MODE === 'native';
/** Each check, and each exchange of a file between the drivers. */
const CHECKS = 13;
const EXCHANGES = 4;

let folder: string;
const stories: { node?: string; bun?: string } = {};

beforeAll(async () => {
  folder = fs.mkdtempSync(join(tmpdir(), 'arborist-mesh-programs-'));
  stories.node = await bundleProgram('driver-story', folder);
  stories.bun = await bundleProgram('driver-story', folder, 'bun');
  return () => fs.rmSync(folder, { recursive: true, force: true });
});

function story(command: readonly string[], driver: string, sqlite: 'node' | 'bun' = 'node'): string[] {
  const [executable = '', ...parameters] = command;
  const output = execFileSync(executable, [...parameters, stories[sqlite] ?? '', driver, temporaryFolder()], {
    encoding: 'utf8',
    env: { ...process.env, DENO_NO_UPDATE_CHECK: '1' },
  });
  return output.trim().split('\n');
}

function expectAllOk(lines: readonly string[], count: number): void {
  expect(lines.filter((line) => !line.startsWith('ok '))).toStrictEqual([]);
  expect(lines).toHaveLength(count);
}

test.runIf(ALL)('sql.js does all that a driver must', () => {
  expectAllOk(story([process.execPath], 'sql.js'), CHECKS);
});

describe.each(RUNTIMES)('the SQLite of $name', ({ command, sqlite }) => {
  test.runIf(ALL)('does all that a driver must, and shares files with sql.js', () => {
    expectAllOk(story(command, 'native', sqlite), CHECKS + EXCHANGES);
  });
});

const deno = RUNTIMES.find(({ name }) => name === 'Deno');

test.runIf(ALL)('Deno without full permissions says that it is not enough', () => {
  const [executable = ''] = deno?.command ?? [];
  const lines = story([executable, 'run', '--no-prompt', '--allow-read', '--allow-write', '--allow-env'], 'native');
  expect(lines[0]).toContain('this runtime offers no SQLite of its own');
});

test.runIf(process.versions.node.startsWith('20.'))('where there is none, that is said', async () => {
  const file = temporaryFile();
  await expect(openDatabase({ file, driver: 'native' })).rejects.toThrow(
    expect.objectContaining({ name: 'MeshError', code: 'no-native-sqlite' }),
  );
  expect(fs.existsSync(file)).toBe(false);
});

test('a driver needs a file, and a name that is known', async () => {
  await expect(openDatabase({ driver: 'native' })).rejects.toThrow("driver: 'native' needs file");
  await expect(openDatabase({ driver: 'oracle' as 'native' })).rejects.toThrow('driver must be');
});
