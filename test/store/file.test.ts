import fs from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { equalBytes } from '../../src/bytes.js';
import type { MeshDatabase } from '../../src/store/database.js';
import { openDatabase } from '../../src/store/open-database.js';
import { temporaryFile, temporaryFolder } from './temporary-folder.js';

const PUT = 'INSERT OR REPLACE INTO meta VALUES (?, ?)';
const put = (db: MeshDatabase, value: number) => db.sql.run(PUT, ['a', value]);
const get = (db: MeshDatabase) => db.sql.get("SELECT value FROM meta WHERE key = 'a'")?.value;

/** What a file holds on disk now, seen by an independent reader. */
async function onDisk(file: string): Promise<unknown> {
  const db = await openDatabase({ bytes: fs.readFileSync(file) });
  return get(db);
}

const code = (expected: string) => expect.objectContaining({ name: 'MeshError', code: expected });

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a database in a file', () => {
  test('is there as soon as it was opened, and holds each mutation as soon as it returned', async () => {
    const file = temporaryFile();
    const db = await openDatabase({ file });
    expect(db.file).toBe(fs.realpathSync(file));
    expect(await onDisk(file)).toBeUndefined();
    for (let n = 1; n <= 3; n++) {
      put(db, n);
      expect(await onDisk(file)).toBe(n);
    }
    await db.durable();
    db.close();
    const again = await openDatabase({ file });
    expect(get(again)).toBe(3);
    again.close();
  });

  test('leaves nothing in its folder but itself and the image before', async () => {
    const file = temporaryFile();
    const db = await openDatabase({ file });
    expect(fs.readdirSync(dirname(file)).sort()).toStrictEqual(['mesh.db', 'mesh.db.lock']);
    put(db, 1);
    put(db, 2);
    expect(fs.readdirSync(dirname(file)).sort()).toStrictEqual(['mesh.db', 'mesh.db.bak', 'mesh.db.lock']);
    db.close();
    expect(fs.readdirSync(dirname(file))).toStrictEqual(['mesh.db', 'mesh.db.bak']);
    expect([await onDisk(`${file}.bak`), await onDisk(file)]).toStrictEqual([1, 2]);
    expect(fs.statSync(`${file}.bak`).mode & 0o777).toBe(0o600);
  });

  test('is written once for a transaction, however much is nested in it, and not at all where nothing changed', async () => {
    const file = join(fs.realpathSync(temporaryFolder()), 'mesh.db');
    const db = await openDatabase({ file });
    const renames = vi.spyOn(fs, 'renameSync');
    const published = () => renames.mock.calls.filter(([, target]) => target === file).length;
    db.transaction(() => {
      put(db, 1);
      db.transaction(() => put(db, 2));
      put(db, 3);
    });
    expect(published()).toBe(1);
    db.transaction(() => get(db));
    db.export();
    expect(published()).toBe(1);
    db.sql.run('CREATE TABLE extra (x)');
    expect(published()).toBe(2);
    expect(() =>
      db.transaction(() => {
        put(db, 4);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(published()).toBe(2);
    db.close();
  });

  test('shrinks when it is compacted after much was deleted', async () => {
    const file = temporaryFile();
    const db = await openDatabase({ file });
    db.sql.run(PUT, ['filling', new Uint8Array(500_000)]);
    put(db, 1);
    db.sql.run("DELETE FROM meta WHERE key = 'filling'");
    expect(fs.statSync(file).size).toBeGreaterThan(500_000);
    db.compact();
    expect(fs.statSync(file).size).toBeLessThan(300_000);
    expect([get(db), await onDisk(file)]).toStrictEqual([1, 1]);
    expect(() => db.transaction(() => db.compact())).toThrow(code('in-transaction'));
    db.close();
    const reader = await openDatabase({ file, readonly: true });
    expect(() => reader.compact()).toThrow(code('read-only'));
  });

  test('can be read and written by its owner only, whatever the umask and the mode it had', async () => {
    const file = temporaryFile();
    const umask = process.umask(0);
    try {
      const db = await openDatabase({ file });
      expect(fs.statSync(file).mode & 0o777).toBe(0o600);
      expect(fs.statSync(`${file}.lock`).mode & 0o777).toBe(0o600);
      fs.chmodSync(file, 0o644);
      put(db, 1);
      expect(fs.statSync(file).mode & 0o777).toBe(0o600);
      db.close();
    } finally {
      process.umask(umask);
    }
  });

  test('reached by a symbolic link stays where it is, under one lock', async () => {
    const file = temporaryFile();
    const link = join(temporaryFolder(), 'link.db');
    (await openDatabase({ file })).close();
    fs.symlinkSync(file, link);
    const db = await openDatabase({ file: link });
    put(db, 1);
    expect(fs.lstatSync(link).isSymbolicLink()).toBe(true);
    expect(await onDisk(file)).toBe(1);
    await expect(openDatabase({ file })).rejects.toThrow('in use by process');
    db.close();
  });

  test('needs a folder that exists', async () => {
    const file = join(temporaryFolder(), 'missing', 'mesh.db');
    await expect(openDatabase({ file })).rejects.toThrow(code('file-unavailable'));
  });

  test('is no folder', async () => {
    const folder = temporaryFolder();
    await expect(openDatabase({ file: folder })).rejects.toThrow(code('file-unavailable'));
    expect(fs.existsSync(`${folder}.lock`)).toBe(false);
  });

  test.each(['realpathSync', 'openSync'] as const)(
    'is not taken for missing because %s failed for another reason',
    async (call) => {
      const file = fs.realpathSync(temporaryFolder());
      const path = join(file, 'mesh.db');
      (await openDatabase({ file: path })).close();
      const original = fs[call] as (...args: unknown[]) => unknown;
      vi.spyOn(fs, call as 'openSync').mockImplementation(((...args: unknown[]) => {
        if (args[0] === path) throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
        return original(...args);
      }) as never);
      for (const readonly of [false, true]) {
        await expect(openDatabase({ file: path, readonly })).rejects.toThrow(code('file-unavailable'));
      }
      vi.restoreAllMocks();
      expect(fs.readdirSync(file)).toStrictEqual(['mesh.db']);
    },
  );

  test('is not hindered by what a crash left of a temporary file', async () => {
    const file = temporaryFile();
    fs.writeFileSync(`${file}.tmp`, 'half of an image');
    const db = await openDatabase({ file });
    put(db, 1);
    expect(await onDisk(file)).toBe(1);
    expect(fs.existsSync(`${file}.tmp`)).toBe(false);
    db.close();
  });
});

describe('a mutation that was reported as failed', () => {
  const failure = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });

  test.each(['openSync', 'writeFileSync', 'fsyncSync', 'fstatSync', 'closeSync', 'linkSync', 'renameSync'] as const)(
    'has happened neither in memory nor on disk when %s fails, and the next one works',
    async (call) => {
      const file = temporaryFile();
      const db = await openDatabase({ file });
      put(db, 1);
      const before = fs.readFileSync(file);
      vi.spyOn(fs, call).mockImplementationOnce(() => {
        throw failure;
      });
      expect(() => put(db, 2)).toThrow(code('publish-failed'));
      expect(get(db)).toBe(1);
      expect(db.rollbacks).toBe(1);
      expect(equalBytes(fs.readFileSync(file), before)).toBe(true);
      const left = fs.readdirSync(dirname(file)).filter((name) => name !== 'mesh.db.bak');
      expect(left.sort()).toStrictEqual(['mesh.db', 'mesh.db.lock']);
      put(db, 3);
      expect(get(db)).toBe(3);
      expect(await onDisk(file)).toBe(3);
      db.close();
    },
  );

  test('has not happened when the process cannot export the database', async () => {
    const file = temporaryFile();
    const db = await openDatabase({ file });
    put(db, 1);
    // An open read cannot be exported by the package's sql.js; here it is made to fail outright.
    const bytes = vi.spyOn(fs, 'rmSync').mockImplementationOnce(() => {
      throw failure;
    });
    expect(() => put(db, 2)).toThrow(code('publish-failed'));
    expect(bytes).toHaveBeenCalled();
    expect([get(db), await onDisk(file)]).toStrictEqual([1, 1]);
    db.close();
  });

  test('leaves the database unusable where nobody can know what a power cut would leave', async () => {
    const file = temporaryFile();
    const db = await openDatabase({ file });
    put(db, 1);
    const sync = fs.fsyncSync;
    vi.spyOn(fs, 'fsyncSync')
      .mockImplementationOnce((descriptor) => sync(descriptor))
      .mockImplementationOnce(() => {
        throw Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
      });
    expect(() => put(db, 2)).toThrow(code('publish-uncertain'));
    expect(() => get(db)).toThrow(code('database-failed'));
    expect(() => put(db, 3)).toThrow(code('database-failed'));
    db.close();
    const again = await openDatabase({ file });
    expect([1, 2]).toContain(get(again));
    again.close();
  });

  test('at the first publish leaves no file and no lock', async () => {
    const file = temporaryFile();
    vi.spyOn(fs, 'renameSync').mockImplementationOnce(() => {
      throw failure;
    });
    await expect(openDatabase({ file })).rejects.toThrow(code('publish-failed'));
    expect(fs.readdirSync(dirname(file))).toStrictEqual([]);
  });
});

describe('a file that changed underneath is never overwritten', () => {
  const changes: Record<string, (file: string) => void> = {
    'by another database in its place': (file) => {
      fs.copyFileSync(file, `${file}.copy`);
      fs.renameSync(`${file}.copy`, file);
    },
    'by bytes at its end': (file) => fs.appendFileSync(file, 'more'),
    'by bytes in its middle': (file) => {
      const descriptor = fs.openSync(file, 'r+');
      fs.writeSync(descriptor, 'x', 5000);
      fs.closeSync(descriptor);
      fs.utimesSync(file, 1, 1);
    },
    'by removal': (file) => fs.rmSync(file),
  };

  test.each(Object.keys(changes))('%s', async (how) => {
    const file = temporaryFile();
    const db = await openDatabase({ file });
    put(db, 1);
    changes[how]?.(file);
    const present = () => (fs.existsSync(file) ? fs.readFileSync(file) : new Uint8Array(0));
    const before = present();
    expect(() => put(db, 2)).toThrow(code('file-changed'));
    expect(equalBytes(present(), before)).toBe(true);
    expect(() => put(db, 2)).toThrow(code('database-failed'));
    expect(() => get(db)).toThrow(code('database-failed'));
    db.close();
    expect(fs.existsSync(`${file}.lock`)).toBe(false);
  });

  test('nor is a file that appeared while there was none', async () => {
    const file = temporaryFile();
    const look = fs.statSync;
    // Between our look and our publish somebody else puts a file there.
    vi.spyOn(fs, 'statSync').mockImplementation(((...args: Parameters<typeof fs.statSync>) => {
      if (args[0] === file) fs.writeFileSync(file, 'theirs');
      return look(...args);
    }) as never);
    await expect(openDatabase({ file })).rejects.toThrow(code('file-changed'));
    expect(fs.readFileSync(file, 'utf8')).toBe('theirs');
  });
});

describe('opening read-only', () => {
  test('works beside a writer, and sees what was on disk then', async () => {
    const file = temporaryFile();
    const writer = await openDatabase({ file });
    put(writer, 1);
    const reader = await openDatabase({ file, readonly: true });
    put(writer, 2);
    expect(get(reader)).toBe(1);
    reader.close();
    put(writer, 3);
    const later = await openDatabase({ file, readonly: true });
    expect(get(later)).toBe(3);
    later.close();
    expect(fs.existsSync(`${file}.lock`)).toBe(true);
    writer.close();
  });

  test('refuses every way to write, and leaves the file and its folder alone', async () => {
    const file = temporaryFile();
    (await openDatabase({ file })).close();
    const before = fs.readFileSync(file);
    const db = await openDatabase({ file, readonly: true });
    expect(() => put(db, 1)).toThrow(code('read-only'));
    expect(() => db.transaction(() => 1)).toThrow(code('read-only'));
    expect(() => db.sql.get('PRAGMA user_version = 9')).toThrow('attempt to write a readonly');
    expect(db.export().length).toBe(before.length);
    expect(() => db.sql.get('PRAGMA user_version = 9')).toThrow('attempt to write a readonly');
    db.close();
    expect(equalBytes(fs.readFileSync(file), before)).toBe(true);
    expect(fs.readdirSync(dirname(file))).toStrictEqual(['mesh.db']);
  });

  test('makes no file where there is none', async () => {
    const file = temporaryFile();
    await expect(openDatabase({ file, readonly: true })).rejects.toThrow(code('no-such-file'));
    expect(fs.readdirSync(dirname(file))).toStrictEqual([]);
  });

  test('of bytes gives a database that cannot be changed', async () => {
    const source = await openDatabase();
    put(source, 1);
    const db = await openDatabase({ bytes: source.export(), readonly: true });
    expect(get(db)).toBe(1);
    expect(() => put(db, 2)).toThrow(code('read-only'));
  });
});
