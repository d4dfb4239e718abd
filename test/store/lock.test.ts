import fs from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { DatabaseLockedError } from '../../src/errors.js';
import { acquireFileLock } from '../../src/store/node/file-lock.js';
import { livenessOf, ownIdentity } from '../../src/store/node/process-identity.js';
import { openDatabase } from '../../src/store/open-database.js';
import { bundleProgram, run } from './child-process.js';
import { temporaryFile, temporaryFolder } from './temporary-folder.js';

let programs: { holder: string; counter: string };
let folder: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(`${process.env.TMPDIR ?? '/tmp'}/arborist-mesh-programs-`);
  programs = { holder: await bundleProgram('holder', folder), counter: await bundleProgram('counter', folder) };
  return () => fs.rmSync(folder, { recursive: true, force: true });
});

describe('two processes on one file: one works, the other gets a clear error, nothing is lost', () => {
  test('the error names the process that holds the file, and the file works again after it', async () => {
    const file = temporaryFile();
    const holder = run(programs.holder, file);
    expect(await holder.started).toBe('open');
    const attempt = openDatabase({ file });
    await expect(attempt).rejects.toThrow(DatabaseLockedError);
    await expect(attempt).rejects.toThrow(`the database is in use by process ${holder.pid} `);
    (await openDatabase({ file, readonly: true })).close();

    holder.child.stdin?.end();
    await holder.ended;
    expect(fs.readdirSync(dirname(file))).toStrictEqual(['mesh.db']);
    (await openDatabase({ file })).close();
  });

  test('nor can one process open it twice', async () => {
    const file = temporaryFile();
    const db = await openDatabase({ file });
    await expect(openDatabase({ file })).rejects.toThrow(`in use by process ${process.pid} `);
    db.close();
    (await openDatabase({ file })).close();
  });

  test('the lock of a process that was killed is taken over', async () => {
    const file = temporaryFile();
    const holder = run(programs.holder, file);
    await holder.started;
    holder.child.kill('SIGKILL');
    await holder.ended;
    expect(fs.existsSync(`${file}.lock`)).toBe(true);
    const db = await openDatabase({ file });
    db.sql.run("INSERT INTO meta VALUES ('a', 1)");
    await expect(openDatabase({ file })).rejects.toThrow(`in use by process ${process.pid} `);
    db.close();
    expect(fs.readdirSync(dirname(file))).toStrictEqual(['mesh.db', 'mesh.db.bak']);
  });

  test('so is that of a killed process whose parent has not noticed yet', async () => {
    const file = temporaryFile();
    const holder = run(programs.holder, file);
    await holder.started;
    process.kill(holder.pid, 'SIGKILL');
    // Blocks, so that this process cannot learn of the end in the meantime.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    acquireFileLock(`${file}.lock`).release();
    await holder.ended;
  });

  test('processes that open, add and close in turn lose no addition, while some of them are killed', async () => {
    const file = temporaryFile();
    (await openDatabase({ file })).close();
    const victims = Array.from({ length: 3 }, () => run(programs.counter, file, '1000000'));
    const counters = Array.from({ length: 4 }, () => run(programs.counter, file, '15'));
    for (const victim of victims) {
      await delay(700);
      victim.child.kill('SIGKILL');
    }
    await Promise.all([...counters, ...victims].map(({ ended }) => ended));
    expect(counters.map(({ lines }) => lines)).toStrictEqual([['15'], ['15'], ['15'], ['15']]);
    const db = await openDatabase({ file });
    const counted = Number(db.sql.get("SELECT value FROM meta WHERE key = 'count'")?.value);
    db.close();
    // What the killed ones added comes on top.
    expect(counted).toBeGreaterThanOrEqual(60);
    expect(
      fs
        .readdirSync(dirname(file))
        .filter((name) => !name.includes('.new-'))
        .sort(),
    ).toStrictEqual(['mesh.db', 'mesh.db.bak']);
  });

  test('what stands in the lock\u2019s place and is none is respected', async () => {
    const file = temporaryFile();
    fs.writeFileSync(`${file}.lock`, 'mine!');
    await expect(openDatabase({ file })).rejects.toThrow(DatabaseLockedError);
    await expect(openDatabase({ file })).rejects.toThrow('is not a lock of this library');
    expect(fs.readdirSync(dirname(file))).toStrictEqual(['mesh.db.lock']);
    expect(fs.readFileSync(`${file}.lock`, 'utf8')).toBe('mine!');
  });
});

describe('a stale lock', () => {
  const stale = { ...ownIdentity(), pid: 2 ** 22 + 1, id: '0'.repeat(32) };

  test('is taken over even if another process crashed while taking it over', () => {
    const path = `${temporaryFolder()}/lock`;
    fs.writeFileSync(path, JSON.stringify(stale));
    fs.writeFileSync(`${path}.stale-${stale.id}`, JSON.stringify({ ...stale, id: '1'.repeat(32) }));
    const lock = acquireFileLock(path);
    expect(fs.readdirSync(dirname(path))).toStrictEqual(['lock']);
    lock.release();
    lock.release();
    expect(fs.readdirSync(dirname(path))).toStrictEqual([]);
  });

  test('is left to a process that is taking it over right now', () => {
    const path = `${temporaryFolder()}/lock`;
    fs.writeFileSync(path, JSON.stringify(stale));
    const other = acquireFileLock(`${path}.stale-${stale.id}`);
    expect(() => acquireFileLock(path)).toThrow(`in use by process ${process.pid} `);
    expect(JSON.parse(fs.readFileSync(path, 'utf8'))).toStrictEqual(stale);
    other.release();
    acquireFileLock(path).release();
  });

  test('that was replaced in the meantime is not removed by whoever held it', () => {
    const path = `${temporaryFolder()}/lock`;
    const lock = acquireFileLock(path);
    fs.writeFileSync(path, JSON.stringify({ ...stale, pid: 1 }));
    lock.release();
    expect(fs.existsSync(path)).toBe(true);
  });
});

describe('whether a process still runs', () => {
  const self = ownIdentity();

  test.runIf(process.platform === 'linux')('is told from its id, its start and its boot', () => {
    expect(livenessOf(self)).toBe('running');
    expect(livenessOf({ ...self, pid: 2 ** 22 + 1 })).toBe('ended');
    expect(livenessOf({ ...self, started: '1' })).toBe('ended');
    expect(livenessOf({ ...self, boot: 'another boot of this machine' })).toBe('ended');
  });

  test.runIf(process.platform === 'linux')('is unknown on another machine and in another container', () => {
    expect(livenessOf({ ...self, host: 'elsewhere', boot: 'another' })).toBe('unknown');
    expect(livenessOf({ ...self, namespace: 'pid:[1]' })).toBe('unknown');
    expect(livenessOf({ ...self, host: 'elsewhere', boot: null })).toBe('unknown');
    expect(livenessOf({ ...self, host: null, boot: 'another' })).toBe('unknown');
    expect(livenessOf({ ...self, host: null, boot: null })).toBe('unknown');
  });

  test('is not taken for ended because a sandbox hid the boot', () => {
    expect(livenessOf({ ...self, boot: null })).toBe('running');
  });

  test('does not depend on the machine\u2019s name within one boot', () => {
    expect(livenessOf({ ...self, host: self.boot === null ? self.host : 'renamed' })).toBe('running');
  });

  test('where the holder cannot be asked, the error says what to do', () => {
    const path = `${temporaryFolder()}/lock`;
    const holder = { ...self, host: 'elsewhere', boot: 'another', pid: 77, id: '2'.repeat(32) };
    fs.writeFileSync(path, JSON.stringify(holder));
    expect(() => acquireFileLock(path)).toThrow(/process 77 on elsewhere, which cannot be asked.*delete .*lock$/);
  });
});
