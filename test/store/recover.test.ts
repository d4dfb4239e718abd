import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { CorruptDatabaseError, DatabaseLockedError, InvalidInputError } from '../../src/errors.js';
import { openDatabase } from '../../src/store/open-database.js';
import { recoverDatabase } from '../../src/store/recover.js';
import { temporaryFile, temporaryFolder } from './temporary-folder.js';

/** A file with the value 2, and the one before, with the value 1. */
async function twoImages(): Promise<string> {
  const file = temporaryFile();
  const db = await openDatabase({ file });
  for (const value of [1, 2]) db.sql.run("INSERT OR REPLACE INTO meta VALUES ('a', ?)", [value]);
  db.close();
  return file;
}

async function valueIn(file: string): Promise<unknown> {
  const db = await openDatabase({ file });
  const value = db.sql.get("SELECT value FROM meta WHERE key = 'a'")?.value;
  db.close();
  return value;
}

const damages: Record<string, (file: string) => void> = {
  truncated: (file) => fs.truncateSync(file, fs.statSync(file).size - 5000),
  empty: (file) => fs.truncateSync(file, 0),
  scribbled: (file) => {
    const descriptor = fs.openSync(file, 'r+');
    fs.writeSync(descriptor, new Uint8Array(4096).fill(0xff), 0, 4096, 4096);
    fs.closeSync(descriptor);
  },
};

describe('recovering', () => {
  test.each(Object.keys(damages))('a %s file says what it would do, then does it', async (how) => {
    const file = await twoImages();
    damages[how]?.(file);
    const damaged = fs.readFileSync(file);
    await expect(openDatabase({ file })).rejects.toThrow(CorruptDatabaseError);

    const before = fs.readdirSync(dirname(file));
    const plan = await recoverDatabase(file, { dryRun: true });
    expect(plan).toMatchObject({ action: 'replace', done: false, kept: null });
    expect(plan.file).toMatchObject({ path: file, state: 'damaged', size: damaged.length });
    expect(plan.file.problem).toContain(file);
    expect(plan.source).toMatchObject({ path: `${file}.bak`, state: 'good', problem: null });
    expect(fs.readdirSync(dirname(file))).toEqual(before);
    expect(fs.readFileSync(file).equals(damaged)).toBe(true);

    const recovery = await recoverDatabase(file);
    expect(recovery).toEqual({ ...plan, done: true, kept: `${file}.replaced-1` });
    expect(fs.readFileSync(`${file}.replaced-1`).equals(damaged)).toBe(true);
    expect(await valueIn(file)).toBe(1);
    expect(await valueIn(`${file}.bak`)).toBe(1);
  });

  test('a file that is gone', async () => {
    const file = await twoImages();
    fs.rmSync(file);
    expect(await recoverDatabase(file)).toMatchObject({ file: { state: 'missing' }, action: 'replace', kept: null });
    expect(await valueIn(file)).toBe(1);
  });

  test('a good file does nothing, unless a backup is named', async () => {
    const file = await twoImages();
    const { mtimeMs, ino } = fs.statSync(file);
    expect(await recoverDatabase(file)).toMatchObject({ file: { state: 'good' }, action: 'none', done: false });
    expect(fs.statSync(file)).toMatchObject({ mtimeMs, ino });

    const backup = join(temporaryFolder(), 'backup.db');
    const db = await openDatabase({ file });
    db.backup(backup);
    db.sql.run("UPDATE meta SET value = 3 WHERE key = 'a'");
    db.close();
    const recovery = await recoverDatabase(file, { from: backup });
    expect(recovery).toMatchObject({ action: 'replace', done: true, kept: `${file}.replaced-1` });
    expect([await valueIn(file), await valueIn(`${file}.replaced-1`), await valueIn(backup)]).toEqual([2, 3, 2]);
    await recoverDatabase(file, { from: `${file}.replaced-1` });
    expect(await valueIn(file)).toBe(3);
    expect(fs.existsSync(`${file}.replaced-2`)).toBe(true);
  });

  test.each(['damaged', 'missing'])('is impossible where the source is %s as well', async (state) => {
    const file = await twoImages();
    fs.truncateSync(file, 100);
    if (state === 'damaged') fs.truncateSync(`${file}.bak`, 100);
    else fs.rmSync(`${file}.bak`);
    const before = fs.readdirSync(dirname(file));
    expect(await recoverDatabase(file)).toMatchObject({ source: { state }, action: 'impossible', done: false });
    expect(fs.readdirSync(dirname(file))).toEqual(before);
    expect(fs.statSync(file).size).toBe(100);
  });

  test('a file that is in use is refused, but can be looked at', async () => {
    const file = await twoImages();
    const db = await openDatabase({ file });
    await expect(recoverDatabase(file)).rejects.toThrow(DatabaseLockedError);
    expect(await recoverDatabase(file, { dryRun: true })).toMatchObject({ action: 'none' });
    db.close();
  });

  test('that fails leaves all as it was', async () => {
    const file = await twoImages();
    fs.truncateSync(file, 100);
    const before = fs.readdirSync(dirname(file));
    const rename = vi.spyOn(fs, 'renameSync').mockImplementation(() => {
      throw new Error('EIO');
    });
    await expect(recoverDatabase(file)).rejects.toThrow('was not replaced');
    rename.mockRestore();
    expect(fs.readdirSync(dirname(file))).toEqual(before);
    expect(fs.statSync(file).size).toBe(100);
  });

  test('wants paths', async () => {
    await expect(recoverDatabase('')).rejects.toThrow(InvalidInputError);
    await expect(recoverDatabase('a', { from: '' })).rejects.toThrow('from must be a path');
  });
});
