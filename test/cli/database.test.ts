/** Which database file a command works on, and what it does to it. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { locateDatabase } from '../../src/cli/database-option.js';
import { openDatabase } from '../../src/index.js';
import { arborist, arboristProcess } from './command-line.js';
import { type Circumstances, memoryIo } from './memory-io.js';
import { bringIn, found, Peer } from './peer.js';

const folder = mkdtempSync(join(tmpdir(), 'database-option-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function located(circumstances: Circumstances, option?: string): string {
  return locateDatabase(memoryIo({ homeFolder: '/home/ada', ...circumstances }), option);
}

describe('the database file', () => {
  it('is what --db names, else ARBORIST_DB', () => {
    const environment = { ARBORIST_DB: 'variable.db' };
    expect(located({ environment }, 'option.db')).toBe('option.db');
    expect(located({ environment })).toBe('variable.db');
  });

  it('is otherwise in the data folder of the platform', () => {
    expect(located({})).toBe('/home/ada/.local/share/arborist/mesh.db');
    expect(located({ environment: { ARBORIST_DB: '' } })).toBe('/home/ada/.local/share/arborist/mesh.db');
    expect(located({ environment: { XDG_DATA_HOME: '/data' } })).toBe('/data/arborist/mesh.db');
    expect(located({ environment: { XDG_DATA_HOME: 'relative' } })).toBe('/home/ada/.local/share/arborist/mesh.db');
    expect(located({ platform: 'darwin' })).toBe('/home/ada/Library/Application Support/arborist/mesh.db');
    expect(located({ platform: 'win32', environment: { LOCALAPPDATA: '/local' } })).toBe('/local/arborist/mesh.db');
    expect(located({ platform: 'win32' })).toBe('/home/ada/AppData/Local/arborist/mesh.db');
  });

  it('is private, and so is the default folder', async () => {
    const environment = { XDG_DATA_HOME: join(folder, 'data') };
    const { code } = await arborist(['mesh', 'init', '--group', 'orchard'], { environment });
    expect(code).toBe(0);
    expect(statSync(join(folder, 'data/arborist')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'data/arborist/mesh.db')).mode & 0o777).toBe(0o600);
  });

  it('stays private when it changes', async () => {
    const ada = await found(folder, 'private');
    await ada.tell(['rotate']);
    expect(statSync(ada.file).mode & 0o777).toBe(0o600);
  });

  it('is made by init and join only', async () => {
    const nobody = new Peer(folder, 'nobody');
    for (const command of ['status', 'whoami', 'roster', 'enable', 'invite', 'rotate', 'history', 'verify', 'events']) {
      expect(await nobody.refuse([command])).toBe(
        `there is no database at ${nobody.file} (make one with: arborist mesh init, or: arborist mesh join)`,
      );
    }
    expect(existsSync(nobody.file)).toBe(false);
  });

  it('is not made in a folder that does not exist', async () => {
    const lost = new Peer(join(folder, 'no-such-folder'), 'ada');
    expect(await lost.refuse(['init', '--group', 'orchard'])).toContain('no-such-folder');
  });

  it('is refused and left alone if it is something else', async () => {
    const prose = new Peer(folder, 'prose');
    writeFileSync(prose.file, 'Dear diary, '.repeat(1_000));
    const before = readFileSync(prose.file);
    for (const args of [['status'], ['init', '--group', 'orchard'], ['enable']]) {
      expect(await prose.refuse(args)).toContain('(choose another with --db FILE, or see: arborist mesh recover)');
    }
    expect(readFileSync(prose.file)).toEqual(before);
    const { code, stderr } = await prose.run(['status', '--json']);
    expect(JSON.parse(stderr)).toMatchObject({ code: 'corrupt-database' });
    expect(code).toBe(1);
  });

  it('cannot be the output of a command', async () => {
    const ada = await found(folder, 'not-output');
    const before = readFileSync(ada.file);
    const { code, stderr } = await ada.run(['rotate', '--out', ada.file]);
    expect(stderr).toContain('--out names the database file');
    expect(code).toBe(2);
    expect(readFileSync(ada.file)).toEqual(before);
  });

  it('holds one identity', async () => {
    const ada = await found(folder, 'once');
    const before = readFileSync(ada.file);
    expect(await ada.refuse(['init', '--group', 'vineyard'])).toContain('(choose another database with --db FILE)');
    expect(readFileSync(ada.file)).toEqual(before);
  });
});

describe('a database that another process writes', () => {
  it('can be read but not changed, and is told by that process id', async () => {
    const ada = await found(folder, 'locked');
    await bringIn(folder, ada, 'locked-ben');
    const holder = await openDatabase({ file: ada.file });
    try {
      const environment = { ARBORIST_DB: ada.file };
      const rotate = await arboristProcess(['mesh', 'rotate', '--json'], { environment });
      expect(JSON.parse(rotate.stderr)).toMatchObject({
        code: 'database-locked',
        message: expect.stringContaining(String(process.pid)),
      });
      expect(rotate.stdout).toBe('');
      expect(rotate.code).toBe(1);
      const roster = await arboristProcess(['mesh', 'roster', '--json'], { environment });
      expect(JSON.parse(roster.stdout)).toMatchObject({ epoch: 1 });
      expect(roster.code).toBe(0);
    } finally {
      holder.close();
    }
    expect(await ada.tell(['rotate'])).not.toBe('');
  });
});

describe('backup and recover', () => {
  it('go back to a state, and say first what they would do', async () => {
    const ada = await found(folder, 'recovering');
    const backup = join(folder, 'backup');
    expect(await ada.tell(['backup', backup])).toBe(`The database was copied to ${backup}.\n`);
    expect(await ada.refuse(['backup', backup])).toContain('(choose another name, or replace an older backup with');
    await ada.tell(['backup', '--replace', backup]);
    expect(await ada.tell(['recover'])).toMatch(
      /^Database {2}good .*\nSource {4}good .*\nNothing needs to be done\.\n$/,
    );

    writeFileSync(ada.file, 'scribbled over');
    expect(await ada.tell(['recover'])).toMatch(
      /is not a SQLite database[\s\S]*With --yes the source takes its place\.\n$/,
    );
    expect(readFileSync(ada.file, 'utf8')).toBe('scribbled over');
    expect(await ada.tell(['recover', '--yes', '--from', backup])).toMatch(
      /\nKept as .*\nThe source has taken its place\.\n$/,
    );
    expect(await ada.tell(['status'])).toContain('orchard');

    writeFileSync(ada.file, 'scribbled over');
    const { code, stderr } = await ada.run(['recover', '--yes', '--from', join(folder, 'none')]);
    expect(stderr).toContain('there is no good image to recover from');
    expect(code).toBe(1);
  });
});

describe('prune', () => {
  // Elsewhere each process seals to a stream of its own, whose only message stays.
  it.runIf(process.platform === 'linux')('says what it would drop, and drops it with --yes', async () => {
    const ada = await found(folder, 'pruning');
    for (let i = 0; i < 3; i++) await ada.tell(['seal'], { stdin: 'the oak is sound' });
    const plan = await ada.tell(['prune', '--messages', '1']);
    expect(plan).toMatch(
      /^Would be dropped: 2 messages \(\d+ bytes\), 0 envelopes \(0 bytes\)\.\nWith --yes it is done\.\n$/,
    );
    const { messages } = await ada.ask(['verify']);
    expect(messages).toBe(3);
    expect(await ada.tell(['prune', '--messages', '1', '--yes'])).toMatch(/^Dropped: 2 messages /);
    expect(await ada.ask(['verify'])).toMatchObject({ ok: true, messages: 1 });
    const { code, stderr } = await ada.run(['prune', '--envelope-epochs', '0']);
    expect(stderr).toContain('--envelope-epochs must be a whole number from 1 on');
    expect(code).toBe(2);
  });
});
