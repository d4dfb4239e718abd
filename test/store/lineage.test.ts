import fs from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { MeshDatabase } from '../../src/store/database.js';
import { openDatabase } from '../../src/store/open-database.js';
import { bundleProgram, run } from './child-process.js';
import { temporaryFile, temporaryFolder } from './temporary-folder.js';

const put = (db: MeshDatabase, value: number) => db.sql.run("INSERT OR REPLACE INTO meta VALUES ('a', ?)", [value]);
const nameOf = (db: MeshDatabase) => Array.from(db.lineage, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Opens, writes, closes; gives the lineage before and after the write. */
async function use(file: string): Promise<string> {
  const db = await openDatabase({ file });
  const opened = nameOf(db);
  put(db, Number(db.sql.get("SELECT value FROM meta WHERE key = 'a'")?.value ?? 0) + 1);
  expect(nameOf(db)).toBe(opened);
  db.close();
  return opened;
}

afterEach(() => {
  vi.restoreAllMocks();
});

// Elsewhere the system does not tell what this needs, and each opening begins a lineage.
describe.runIf(process.platform === 'linux')('the lineage of a file', () => {
  test('goes on when it was closed and is opened again, whether or not it was written to', async () => {
    const file = temporaryFile();
    const first = await use(file);
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(await use(file)).toBe(first);
    for (let i = 0; i < 3; i++) {
      const db = await openDatabase({ file });
      expect(nameOf(db)).toBe(first);
      db.close();
    }
    expect(await use(file)).toBe(first);
  });

  test('goes on when it was moved, and is not disturbed by readers', async () => {
    const file = temporaryFile();
    const first = await use(file);
    const reader = await openDatabase({ file, readonly: true });
    expect(nameOf(reader)).not.toBe(first);
    const moved = join(dirname(file), 'moved.db');
    fs.renameSync(file, moved);
    expect(await use(moved)).toBe(first);
    reader.close();
    expect(await use(moved)).toBe(first);
  });
});

describe('a new lineage begins', () => {
  /** Each makes the file hold a state that it held before, or leaves that open. */
  const restores: Record<string, (file: string, backup: string) => void> = {
    'in a copy put in its place': (file, backup) => {
      fs.rmSync(file);
      fs.copyFileSync(backup, file);
    },
    'in a copy written over it': (file, backup) => fs.copyFileSync(backup, file),
    'in a copy moved to its place': (file, backup) => fs.renameSync(backup, file),
    'in the image before, moved to its place': (file) => fs.renameSync(`${file}.bak`, file),
    'in a file whose time was changed': (file) => fs.utimesSync(file, 1_700_000_000, 1_700_000_000),
  };

  test.each(Object.keys(restores))('%s', async (how) => {
    const file = temporaryFile();
    const backup = `${file}.backup`;
    const first = await use(file);
    const { mtime, atime } = fs.statSync(file);
    fs.copyFileSync(file, backup);
    fs.utimesSync(backup, atime, mtime);
    await use(file);
    await use(file);
    restores[how]?.(file, backup);
    // As tools do that keep the times of what they copy.
    if (how.includes('copy')) fs.utimesSync(file, atime, mtime);
    const second = await use(file);
    expect(second).not.toBe(first);
    if (process.platform === 'linux') expect(await use(file)).toBe(second);
  });

  test('in every copy, so that no two share one', async () => {
    const file = temporaryFile();
    const first = await use(file);
    const copies = ['b', 'c', 'd'].map((name) => `${file}.${name}`);
    for (const copy of copies) fs.cpSync(file, copy, { preserveTimestamps: true });
    const lineages = [first, ...(await Promise.all(copies.map(use)))];
    expect(new Set(lineages).size).toBe(4);
  });

  test('in a hard link to an older image', async () => {
    const file = temporaryFile();
    const first = await use(file);
    const link = join(temporaryFolder(), 'mesh.db');
    fs.linkSync(file, link);
    await use(file);
    expect(await use(link)).not.toBe(first);
  });

  test('in every database from bytes, and in every one in memory', async () => {
    const file = temporaryFile();
    const first = await use(file);
    const bytes = fs.readFileSync(file);
    const databases = await Promise.all([openDatabase({ bytes }), openDatabase({ bytes }), openDatabase()]);
    expect(new Set([first, ...databases.map(nameOf)]).size).toBe(4);
  });

  test('with a transaction that was undone, and stays new', async () => {
    const file = temporaryFile();
    const first = await use(file);
    const undo = (db: MeshDatabase) =>
      expect(() =>
        db.transaction(() => {
          put(db, 5);
          throw new Error('no');
        }),
      ).toThrow('no');

    const closedAtOnce = await openDatabase({ file });
    undo(closedAtOnce);
    const second = nameOf(closedAtOnce);
    expect(second).not.toBe(first);
    closedAtOnce.close();
    const third = await use(file);
    expect([first, second]).not.toContain(third);

    const goesOn = await openDatabase({ file });
    undo(goesOn);
    put(goesOn, 6);
    const fourth = nameOf(goesOn);
    goesOn.close();
    expect([first, second, third]).not.toContain(fourth);
    if (process.platform === 'linux') expect(await use(file)).toBe(fourth);
  });

  test('after a mutation that could not be published', async () => {
    const file = temporaryFile();
    const first = await use(file);
    const db = await openDatabase({ file });
    vi.spyOn(fs, 'renameSync').mockImplementationOnce(() => {
      throw new Error('ENOSPC');
    });
    expect(() => put(db, 2)).toThrow('was not replaced');
    expect(nameOf(db)).not.toBe(first);
    db.close();
    expect(await use(file)).not.toBe(first);
  });

  test('where the system hides the boot or the birth of files', async () => {
    const file = temporaryFile();
    const first = await use(file);
    const read = fs.readFileSync;
    vi.spyOn(fs, 'readFileSync').mockImplementation(((path: fs.PathOrFileDescriptor, options?: 'utf8') => {
      if (String(path).endsWith('boot_id')) throw new Error('EACCES');
      return read(path, options);
    }) as typeof fs.readFileSync);
    const second = await use(file);
    const third = await use(file);
    expect(new Set([first, second, third]).size).toBe(3);
  });
});

describe('a process that ended without closing', () => {
  let folder: string;
  let holder: string;

  beforeAll(async () => {
    folder = fs.mkdtempSync(`${process.env.TMPDIR ?? '/tmp'}/arborist-mesh-programs-`);
    holder = await bundleProgram('holder', folder);
    return () => fs.rmSync(folder, { recursive: true, force: true });
  });

  test.each(['killed', 'exited'])('leaves a file in which a new lineage begins (%s)', async (how) => {
    const file = temporaryFile();
    const first = await use(file);
    const other = run(holder, file);
    expect(await other.started).toBe('open');
    if (how === 'killed') other.child.kill('SIGKILL');
    else other.child.stdin?.end();
    await other.ended;
    // Opened and closed without a write, it is still not known to be unbroken.
    (await openDatabase({ file })).close();
    expect(await use(file)).not.toBe(first);
  });
});
