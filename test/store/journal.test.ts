import fs from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { equalBytes } from '../../src/bytes.js';
import { CorruptDatabaseError, InvalidInputError } from '../../src/errors.js';
import { openDatabase } from '../../src/store/open-database.js';
import { abandoned, get, journalOf, onDisk, openJournaled, PUT, put } from './journaled.js';
import { temporaryFile } from './temporary-folder.js';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a mutation of a large database', () => {
  test('is added to the journal, and the image stays as it is', async () => {
    const file = temporaryFile();
    const db = await openJournaled(file);
    const image = fs.readFileSync(file);
    const lengths: number[] = [];
    for (let value = 1; value <= 4; value++) {
      put(db, value);
      expect(await onDisk(file)).toBe(value);
      lengths.push(fs.statSync(journalOf(file)).size);
    }
    expect(equalBytes(fs.readFileSync(file), image)).toBe(true);
    const growth = lengths.slice(1).map((length, i) => length - (lengths[i] ?? 0));
    expect(new Set(growth).size).toBe(1);
    expect(growth[0]).toBeLessThan(120);
    db.close();
  });

  test('begins where the image has the size that was asked for, and a small one has no journal', async () => {
    const file = temporaryFile();
    const db = await openDatabase({ file, journalFrom: 600_000 });
    put(db, 1);
    expect(fs.existsSync(journalOf(file))).toBe(false);
    db.sql.run(PUT, ['filling', new Uint8Array(600_000)]);
    expect(fs.existsSync(journalOf(file))).toBe(false);
    put(db, 2);
    expect(fs.existsSync(journalOf(file))).toBe(true);
    db.close();
    await expect(openDatabase({ file, journalFrom: -1 })).rejects.toThrow(InvalidInputError);
    await expect(openDatabase({ file, journalFrom: Number.NaN })).rejects.toThrow('journalFrom must be');
  });

  test('is one entry however many statements it has, and none where nothing changed or all was undone', async () => {
    const file = temporaryFile();
    const db = await openJournaled(file);
    put(db, 0);
    const sync = vi.spyOn(fs, 'fsyncSync');
    db.transaction(() => {
      for (let value = 1; value <= 100; value++) put(db, value);
      db.transaction(() => db.sql.run('CREATE TABLE extra (x)'));
    });
    expect(sync).toHaveBeenCalledTimes(1);
    const { size } = fs.statSync(journalOf(file));
    db.transaction(() => db.sql.run("DELETE FROM meta WHERE key = 'nobody'"));
    expect(() =>
      db.transaction(() => {
        put(db, 5);
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(fs.statSync(journalOf(file)).size).toBe(size);
    put(db, 7);
    expect(await onDisk(file)).toBe(7);
    db.close();
  });

  test('keeps no statement that failed, though its transaction went on', async () => {
    const file = temporaryFile();
    const db = await openJournaled(file);
    db.transaction(() => {
      put(db, 1);
      expect(() => db.sql.run("INSERT INTO meta VALUES ('a', 9)")).toThrow('UNIQUE constraint');
      db.sql.run("INSERT INTO meta VALUES ('b', 2)");
    });
    expect(await onDisk(file)).toBe(1);
    db.close();
  });

  test('keeps parameters as they were when the statement was executed', async () => {
    const file = temporaryFile();
    const db = await openJournaled(file);
    const bytes = Uint8Array.of(1, 2, 3);
    db.transaction(() => {
      db.sql.run(PUT, ['a', bytes]);
      bytes.fill(9);
    });
    expect(await onDisk(file)).toStrictEqual(Uint8Array.of(1, 2, 3));
    db.close();
  });

  test('of any kind leaves in a reader what it left in the writer', async () => {
    const file = temporaryFile();
    const db = await openJournaled(file);
    const values = [
      0,
      -1,
      1.5,
      -0,
      2 ** 40,
      Number.MAX_SAFE_INTEGER,
      Number.NEGATIVE_INFINITY,
      '',
      'a\0\u00e9\u0301',
      null,
    ];
    db.transaction(() => {
      for (const [i, value] of values.entries()) db.sql.run(PUT, [`key ${i}`, value]);
    });
    db.sql.run('CREATE TABLE extra (id INTEGER PRIMARY KEY, x)');
    db.sql.run('INSERT INTO extra (x) SELECT value FROM meta ORDER BY key DESC');
    db.sql.run('UPDATE extra SET x = x || ? WHERE id % 2', ['!']);
    db.sql.run('ALTER TABLE extra RENAME COLUMN x TO y');
    const queries = ['SELECT key, value, typeof(value) AS type FROM meta', 'SELECT * FROM extra'];
    const reader = await openDatabase({ file, readonly: true });
    for (const query of queries) expect(reader.sql.all(query)).toStrictEqual(db.sql.all(query));
    expect(reader.sql.all(queries[1] ?? '').length).toBeGreaterThan(values.length);
    db.close();
  });
});

describe('the journal', () => {
  test('can be read and written by its owner only, whatever the umask', async () => {
    const file = temporaryFile();
    const umask = process.umask(0);
    const db = await openJournaled(file);
    put(db, 1);
    process.umask(umask);
    expect(fs.statSync(journalOf(file)).mode & 0o777).toBe(0o600);
    db.close();
  });

  test('is taken into a new image when it has grown as long as the image, and goes with the old one', async () => {
    const file = temporaryFile();
    const db = await openJournaled(file);
    const image = fs.readFileSync(file);
    const { size } = fs.statSync(file);
    const filling = new Uint8Array(50_000);
    let value = 0;
    while (equalBytes(fs.readFileSync(file), image)) {
      db.transaction(() => {
        put(db, ++value);
        db.sql.run(PUT, ['filling', filling.fill(value)]);
      });
    }
    expect(value).toBeGreaterThan(size / 60_000);
    expect(fs.existsSync(journalOf(file))).toBe(false);
    expect(fs.readdirSync(dirname(file)).sort()).toStrictEqual([
      'mesh.db',
      'mesh.db.bak',
      'mesh.db.bak.journal',
      'mesh.db.lock',
    ]);
    // The image before and its journal tell what was before the last mutation.
    expect([await onDisk(file), await onDisk(`${file}.bak`)]).toStrictEqual([value, value - 1]);
    put(db, 100);
    expect([await onDisk(file), fs.existsSync(journalOf(file))]).toStrictEqual([100, true]);
    db.close();
  });

  test('is not begun for a transaction that is larger than it may be', async () => {
    const file = temporaryFile();
    const db = await openJournaled(file);
    db.transaction(() => {
      for (let i = 0; i < 20; i++) db.sql.run(PUT, [`filling ${i}`, new Uint8Array(100_000)]);
      put(db, 5);
    });
    expect(fs.existsSync(journalOf(file))).toBe(false);
    expect(await onDisk(file)).toBe(5);
    put(db, 6);
    expect([await onDisk(file), fs.existsSync(journalOf(file))]).toStrictEqual([6, true]);
    db.close();
  });

  test('is taken in when the database is closed, so that its file is whole by itself', async () => {
    const file = temporaryFile();
    const db = await openJournaled(file);
    put(db, 1);
    put(db, 2);
    db.close();
    expect(fs.readdirSync(dirname(file)).sort()).toStrictEqual(['mesh.db', 'mesh.db.bak', 'mesh.db.bak.journal']);
    const copy = await openDatabase({ bytes: fs.readFileSync(file) });
    expect(get(copy)).toBe(2);
    const again = await openJournaled(file);
    expect(get(again)).toBe(2);
    again.close();
  });

  test('stays where it cannot be taken in at the end', async () => {
    const file = temporaryFile();
    const db = await openJournaled(file);
    put(db, 1);
    vi.spyOn(fs, 'renameSync').mockImplementation(() => {
      throw new Error('ENOSPC');
    });
    db.close();
    vi.restoreAllMocks();
    expect(fs.existsSync(journalOf(file))).toBe(true);
    expect(fs.existsSync(`${file}.lock`)).toBe(false);
    expect(await onDisk(file)).toBe(1);
  });

  test('goes with what is pruned: compacting leaves none', async () => {
    const file = temporaryFile();
    const db = await openJournaled(file);
    const secret = new TextEncoder().encode('0123456789abcdef-the-secret');
    const kept = (name: string) => fs.existsSync(name) && fs.readFileSync(name, 'latin1').includes('-the-secret');
    db.sql.run(PUT, ['secret', secret]);
    expect(kept(journalOf(file))).toBe(true);
    db.sql.run("DELETE FROM meta WHERE key = 'secret'");
    db.compact();
    expect([kept(file), kept(journalOf(file)), kept(`${file}.bak.journal`)]).toStrictEqual([false, false, true]);
    db.compact();
    expect(fs.readdirSync(dirname(file)).filter((name) => kept(`${dirname(file)}/${name}`))).toStrictEqual([]);
    db.close();
  });

  test('of a process that ended without closing is taken in at the next opening for writing, and a lineage begins', async () => {
    const file = await abandoned();
    expect(await onDisk(file)).toBe(3);
    const lineages = new Set<string>();
    for (const after of [false, true, true]) {
      const db = await openDatabase({ file });
      expect(get(db)).toBe(3);
      expect(fs.existsSync(journalOf(file))).toBe(false);
      lineages.add(db.lineage.join());
      db.close();
      if (after && process.platform === 'linux') expect(lineages.size).toBe(1);
    }
  });

  test('does not break the lineage of a file that is closed and opened again', async () => {
    const file = temporaryFile();
    const lineages = new Set<string>();
    for (let value = 1; value <= 3; value++) {
      const db = await openJournaled(file);
      put(db, value);
      put(db, value + 10);
      lineages.add(db.lineage.join());
      db.close();
    }
    expect(lineages.size).toBe(process.platform === 'linux' ? 1 : 3);
  });

  test('that is an older copy, put beside the closed file, is left over and does no harm', async () => {
    const file = temporaryFile();
    const db = await openJournaled(file);
    put(db, 1);
    const journal = fs.readFileSync(journalOf(file));
    put(db, 2);
    db.close();
    fs.writeFileSync(journalOf(file), journal);
    expect(await onDisk(file)).toBe(2);
    const again = await openJournaled(file);
    put(again, 3);
    expect(await onDisk(file)).toBe(3);
    again.close();
    expect(await onDisk(file)).toBe(3);
  });

  test('that lost its last entry, or a part of it, tells the state before', async () => {
    const file = await abandoned();
    const whole = fs.readFileSync(journalOf(file));
    fs.truncateSync(journalOf(file), whole.length - 1);
    expect(await onDisk(file)).toBe(2);
    const db = await openDatabase({ file });
    expect(get(db)).toBe(2);
    db.close();
  });

  test('that is damaged in its middle is refused, and left as it is', async () => {
    const file = await abandoned();
    const bytes = fs.readFileSync(journalOf(file));
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    fs.writeFileSync(journalOf(file), bytes);
    for (const readonly of [true, false]) {
      const attempt = openDatabase({ file, readonly });
      await expect(attempt).rejects.toThrow(CorruptDatabaseError);
      await expect(attempt).rejects.toThrow(/the journal of .* is damaged/);
    }
    expect(fs.readFileSync(journalOf(file)).equals(bytes)).toBe(true);
  });

  test('of an image that another program changed is refused', async () => {
    const file = await abandoned();
    const image = fs.readFileSync(file);
    image.writeUInt32BE(image.readUInt32BE(24) + 1, 24);
    fs.writeFileSync(file, image);
    await expect(openDatabase({ file })).rejects.toThrow('another program changed the database');
  });

  test('is no part of an export or a backup, which are whole', async () => {
    const file = temporaryFile();
    const db = await openJournaled(file);
    put(db, 4);
    db.backup(`${file}.backup`);
    expect(get(await openDatabase({ bytes: db.export() }))).toBe(4);
    expect(fs.existsSync(journalOf(`${file}.backup`))).toBe(false);
    expect(await onDisk(`${file}.backup`)).toBe(4);
    db.close();
  });
});
