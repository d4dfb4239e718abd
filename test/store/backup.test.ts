import fs from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { equalBytes } from '../../src/bytes.js';
import { CorruptDatabaseError, DatabaseLockedError, InvalidInputError } from '../../src/errors.js';
import type { MeshDatabase } from '../../src/store/database.js';
import { openDatabase } from '../../src/store/open-database.js';
import { temporaryFile } from './temporary-folder.js';

const put = (db: MeshDatabase, value: number) => db.sql.run("INSERT OR REPLACE INTO meta VALUES ('a', ?)", [value]);
const get = (db: MeshDatabase) => db.sql.get("SELECT value FROM meta WHERE key = 'a'")?.value;
const code = (expected: string) => expect.objectContaining({ code: expected });

async function valueIn(file: string): Promise<unknown> {
  const db = await openDatabase({ file });
  const value = get(db);
  db.close();
  return value;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a backup', () => {
  test('is a database of its own with the state of that moment, for its owner only', async () => {
    const file = temporaryFile();
    const backup = `${file}.backup`;
    const umask = process.umask(0);
    const db = await openDatabase({ file });
    put(db, 1);
    db.backup(backup);
    process.umask(umask);
    put(db, 2);
    expect(fs.statSync(backup).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(dirname(file)).sort()).toEqual(['mesh.db', 'mesh.db.backup', 'mesh.db.bak', 'mesh.db.lock']);
    expect(await valueIn(backup)).toBe(1);
    expect(get(db)).toBe(2);
    db.close();
    expect(await valueIn(file)).toBe(2);
  });

  test('is made of a database in memory, and by a reader beside a writer', async () => {
    const file = temporaryFile();
    const memory = await openDatabase();
    put(memory, 7);
    memory.backup(`${file}.memory`);
    expect(await valueIn(`${file}.memory`)).toBe(7);

    const writer = await openDatabase({ file });
    put(writer, 1);
    const reader = await openDatabase({ file, readonly: true });
    put(writer, 2);
    reader.backup(`${file}.reader`);
    expect(await valueIn(`${file}.reader`)).toBe(1);
    writer.close();
  });

  test('replaces an older one only where that is asked for, and leaves no trace of it', async () => {
    const file = temporaryFile();
    const db = await openDatabase();
    put(db, 1);
    db.backup(file);
    put(db, 2);
    expect(() => db.backup(file)).toThrow(code('file-exists'));
    expect(await valueIn(file)).toBe(1);
    db.backup(file, { replace: true });
    expect(await valueIn(file)).toBe(2);
    expect(fs.readdirSync(dirname(file))).toEqual(['mesh.db']);
  });

  test('replaces nothing that is no database of this library, nor one that is in use, nor its own', async () => {
    const file = temporaryFile();
    const db = await openDatabase();
    fs.writeFileSync(`${file}.txt`, 'a letter'.repeat(100));
    expect(() => db.backup(`${file}.txt`, { replace: true })).toThrow(CorruptDatabaseError);
    expect(fs.readFileSync(`${file}.txt`, 'utf8')).toBe('a letter'.repeat(100));

    const other = await openDatabase({ file });
    put(other, 5);
    expect(() => db.backup(file, { replace: true })).toThrow(DatabaseLockedError);
    expect(() => other.backup(file, { replace: true })).toThrow(DatabaseLockedError);
    other.close();
    const reader = await openDatabase({ file, readonly: true });
    expect(() => reader.backup(file, { replace: true })).toThrow(InvalidInputError);
    expect(await valueIn(file)).toBe(5);
  });

  test('is not made inside a transaction, nor without a path', async () => {
    const file = temporaryFile();
    const db = await openDatabase();
    expect(() => db.transaction(() => db.backup(file))).toThrow(code('in-transaction'));
    expect(() => db.backup('')).toThrow(InvalidInputError);
    expect(fs.readdirSync(dirname(file))).toEqual([]);
  });

  test.each(['openSync', 'writeFileSync', 'fsyncSync', 'renameSync'] as const)(
    'that fails in %s leaves the older one and nothing else',
    async (call) => {
      const file = temporaryFile();
      const db = await openDatabase();
      db.backup(file);
      const before = fs.readFileSync(file);
      put(db, 1);
      // Only what concerns the new image fails, not the lock.
      const original = fs[call] as (...args: unknown[]) => unknown;
      const images = new Set<unknown>();
      const open = fs.openSync;
      vi.spyOn(fs, 'openSync').mockImplementation((path, ...rest) => {
        const image = String(path).endsWith('.tmp');
        if (image && call === 'openSync') throw new Error('ENOSPC');
        const descriptor = open(path, ...rest);
        if (image) images.add(descriptor);
        return descriptor;
      });
      if (call !== 'openSync') {
        vi.spyOn(fs, call).mockImplementation(((...args: unknown[]) => {
          if (images.has(args[0]) || String(args[0]).endsWith('.tmp')) throw new Error('ENOSPC');
          return original(...args);
        }) as never);
      }
      expect(() => db.backup(file, { replace: true })).toThrow(code('publish-failed'));
      vi.restoreAllMocks();
      expect(equalBytes(fs.readFileSync(file), before)).toBe(true);
      expect(fs.readdirSync(dirname(file))).toEqual(['mesh.db']);
    },
  );
});
