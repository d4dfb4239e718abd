/** What a database in a file must do whichever driver is below; plain code, so that it runs in every runtime. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { basename, dirname } from 'node:path';
import { CorruptDatabaseError, DatabaseLockedError, type MeshError } from '../../../src/errors.js';
import type { MeshDatabase } from '../../../src/store/database.js';
import { MIGRATIONS } from '../../../src/store/migrations/index.js';
import { type OpenDatabaseOptions, openDatabase } from '../../../src/store/open-database.js';
import { protect } from '../passphrases.js';

export type Driver = 'sql.js' | 'native';

/** What a check works with. */
export interface Bench {
  readonly driver: Driver;
  /** A path of its own. */
  readonly file: string;
  open(options?: OpenDatabaseOptions): Promise<MeshDatabase>;
}

type Check = (bench: Bench) => Promise<void>;

const PUT = 'INSERT OR REPLACE INTO meta VALUES (?, ?)';
export const put = (db: MeshDatabase, value: unknown) => db.sql.run(PUT, ['a', value as number]);
export const get = (db: MeshDatabase) => db.sql.get("SELECT value FROM meta WHERE key = 'a'")?.value;
export const withCode = (code: string) => (error: unknown) => (error as MeshError).code === code;
const beside = (file: string) => fs.readdirSync(dirname(file)).sort();

/** What another program finds, of its own copy of the file's folder: as after the end of a process that did not close. */
export function abandon(file: string): string {
  const copy = `${dirname(file)}-abandoned`;
  fs.cpSync(dirname(file), copy, { recursive: true });
  for (const name of fs.readdirSync(copy)) if (name.includes('.lock')) fs.rmSync(`${copy}/${name}`);
  return `${copy}/${basename(file)}`;
}

const values = async ({ open }: Bench) => {
  const db = await open();
  const all = [
    0,
    -5,
    1.5,
    2 ** 40 + 1,
    Number.MAX_SAFE_INTEGER,
    'caf\u00e9 \u{1f333}',
    '',
    Uint8Array.of(0, 255),
    null,
  ];
  all.push(new Uint8Array(0), Number.MIN_SAFE_INTEGER);
  for (const value of all) {
    put(db, value);
    assert.deepEqual(get(db), value);
    assert.deepEqual(db.sql.all("SELECT value FROM meta WHERE key = 'a'"), [{ value }]);
  }
  const given = Uint8Array.of(1, 2, 3);
  put(db, given);
  given.fill(9);
  assert.deepEqual(get(db), Uint8Array.of(1, 2, 3));
  assert.equal(db.sql.get('SELECT 1 WHERE 0'), undefined);
  assert.deepEqual(db.sql.all('SELECT 1 WHERE 0'), []);
  db.close();
};

const transactions = async ({ open }: Bench) => {
  const db = await open();
  assert.equal(
    db.transaction(() => {
      put(db, 1);
      db.transaction(() => put(db, 2));
      return 'done';
    }),
    'done',
  );
  assert.equal(get(db), 2);
  const doomed = () =>
    db.transaction(() => {
      put(db, 3);
      assert.throws(() => db.transaction(() => assert.fail('inner')));
    });
  assert.throws(doomed, withCode('transaction-failed'));
  assert.equal(get(db), 2);
  db.transaction(() => {
    assert.throws(() => db.sql.run("INSERT INTO meta VALUES ('a', 9)"), withCode('sql-failed'));
    put(db, 4);
  });
  assert.equal(get(db), 4);
  const dangling = 'INSERT INTO mesh_secret VALUES (zeroblob(32), zeroblob(32))';
  assert.throws(() => db.sql.run(dangling), /FOREIGN KEY/);
  assert.throws(
    () =>
      db.transaction(() => {
        put(db, 5);
        db.sql.run(dangling);
      }),
    /FOREIGN KEY/,
  );
  assert.equal(get(db), 4);
  assert.throws(() => db.sql.get('SELEC'), withCode('sql-failed'));
  db.close();
  assert.throws(() => get(db), withCode('database-closed'));
};

const keeping: Check = async ({ open, file }) => {
  for (let value = 1; value <= 3; value++) {
    const db = await open();
    assert.equal(get(db), value === 1 ? undefined : value - 1);
    assert.equal(db.file, fs.realpathSync(file));
    put(db, value);
    await db.durable();
    for (const name of beside(file)) assert.equal(fs.statSync(`${dirname(file)}/${name}`).mode & 0o777, 0o600, name);
    db.close();
  }
  assert.deepEqual(
    beside(file).filter((name) => !name.includes('.bak') && !name.endsWith('.closed')),
    ['mesh.db'],
  );
};

const oneWriter: Check = async ({ open }) => {
  const db = await open();
  await assert.rejects(open(), DatabaseLockedError);
  db.close();
  (await open()).close();
};

const readers: Check = async ({ open }) => {
  await assert.rejects(open({ readonly: true }), withCode('no-such-file'));
  const writer = await open();
  put(writer, 1);
  const reader = await open({ readonly: true });
  put(writer, 2);
  assert.equal(get(reader), 1);
  assert.throws(() => put(reader, 3), withCode('read-only'));
  assert.throws(() => reader.sql.get('PRAGMA user_version = 9'));
  const later = await open({ readonly: true });
  assert.equal(get(later), 2);
  assert.equal(get(await openDatabase({ bytes: later.export() })), 2);
  assert.throws(() => later.sql.get('PRAGMA user_version = 9'));
  later.close();
  reader.close();
  put(writer, 3);
  writer.close();
};

const abandoned: Check = async ({ open, file }) => {
  const db = await open();
  put(db, 7);
  const lineage = db.lineage;
  const copy = abandon(file);
  db.close();
  for (const readonly of [true, false]) {
    const found = await open({ file: copy, readonly });
    assert.equal(get(found), 7);
    assert.notDeepEqual(found.lineage, lineage);
    found.close();
  }
};

/** Whether the system tells what a lineage needs to go on: macOS, Windows and Deno without full permissions do not. */
export function tellsBoot(): boolean {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id').length > 0;
  } catch {
    return false;
  }
}

const lineages: Check = async ({ driver, open, file }) => {
  const use = async (path = file) => {
    const db = await open({ file: path });
    put(db, Number(get(db) ?? 0) + 1);
    const name = db.lineage.join();
    db.close();
    return name;
  };
  const first = await use();
  // Where the system tells too little, each opening begins a lineage.
  const resumes = tellsBoot() && !(driver === 'native' && 'Deno' in globalThis);
  for (let i = 0; i < 2 && resumes; i++) assert.equal(await use(), first);
  // An older copy is written over the file, with its times.
  fs.cpSync(file, `${file}.copy`, { preserveTimestamps: true });
  await use();
  const { atime, mtime } = fs.statSync(`${file}.copy`);
  fs.copyFileSync(`${file}.copy`, file);
  fs.utimesSync(file, atime, mtime);
  const second = await use();
  assert.notEqual(second, first);
  // It is put in the place of the file.
  fs.renameSync(`${file}.copy`, file);
  const third = await use();
  assert.ok(![first, second].includes(third));
  const db = await open();
  assert.throws(() =>
    db.transaction(() => {
      put(db, 0);
      assert.fail('undone');
    }),
  );
  put(db, 1);
  const fourth = db.lineage.join();
  db.close();
  assert.ok(![first, second, third].includes(fourth));
  if (resumes) assert.equal(await use(), fourth);
};

const changedUnderneath: Check = async ({ open, file }) => {
  const changes = [
    () => fs.appendFileSync(file, 'more'),
    () => fs.rmSync(file),
    () => {
      fs.copyFileSync(file, `${file}.copy`);
      fs.renameSync(`${file}.copy`, file);
    },
  ];
  for (const [i, change] of changes.entries()) {
    const db = await open();
    put(db, i);
    change();
    assert.throws(() => put(db, 100), withCode('file-changed'));
    assert.throws(() => get(db), withCode('database-failed'));
    db.close();
    for (const name of beside(file)) fs.rmSync(`${dirname(file)}/${name}`);
  }
};

const foreignFiles: Check = async ({ open, file }) => {
  const source = await openDatabase();
  source.transaction(() => {
    for (let i = 0; i < 200; i++) source.sql.run(PUT, [`key ${i}`, new Uint8Array(50).fill(i)]);
  });
  const good = source.export();
  const patched = (at: number, ...bytes: number[]) => {
    const image = good.slice();
    image.set(bytes, at);
    return image;
  };
  const cases = [
    new Uint8Array(0),
    new TextEncoder().encode('Dear diary, '.repeat(500)),
    patched(68, 0, 0, 0, 1),
    patched(60, 0, 0, 99, 9),
    patched(60, 0, 0, 0, 0),
    patched(18, 9, 9),
    patched(5 * 4096, 0xff, 0xff, 0xff, 0xff),
    good.slice(0, -4096),
    good.slice(0, 5 * 4096 + 100),
  ];
  for (const [i, bytes] of cases.entries()) {
    fs.writeFileSync(file, bytes, { mode: 0o640 });
    const before = fs.statSync(file);
    for (const readonly of [false, true]) await assert.rejects(open({ readonly }), CorruptDatabaseError, `case ${i}`);
    const after = fs.statSync(file);
    assert.deepEqual(new Uint8Array(fs.readFileSync(file)), new Uint8Array(bytes), `case ${i}`);
    assert.deepEqual([after.ino, after.mtimeMs, after.mode], [before.ino, before.mtimeMs, before.mode]);
    assert.deepEqual(beside(file), ['mesh.db'], `case ${i}`);
  }
};

const copies: Check = async ({ open, file }) => {
  const db = await open();
  put(db, 1);
  db.backup(`${file}.backup`);
  put(db, 2);
  assert.throws(() => db.backup(`${file}.backup`), withCode('file-exists'));
  assert.equal(get(await openDatabase({ bytes: db.export() })), 2);
  const backup = await open({ file: `${file}.backup` });
  assert.equal(get(backup), 1);
  backup.close();
  db.sql.run(PUT, ['filling', new Uint8Array(500_000).fill(0x5a)]);
  db.sql.run("DELETE FROM meta WHERE key = 'filling'");
  db.compact();
  db.compact();
  for (const name of beside(file).filter((one) => !one.endsWith('-shm'))) {
    const content = fs.readFileSync(`${dirname(file)}/${name}`, 'latin1');
    assert.ok(content.length < 400_000 && !content.includes('Z'.repeat(50)), name);
  }
  assert.equal(get(db), 2);
  db.close();
  const previous = await openDatabase({ file: `${file}.bak`, readonly: true });
  assert.equal(get(previous), 2);
};

const olderSchemas: Check = async ({ open, file }) => {
  const old = await openDatabase();
  put(old, 5);
  const image = old.export();
  // A file of the newest schema that says that it lacks the last migration: it must be tried, and fail as a whole.
  image.set([0, 0, 0, MIGRATIONS.length - 1], 60);
  fs.writeFileSync(file, image, { mode: 0o600 });
  await assert.rejects(open());
  assert.deepEqual(new Uint8Array(fs.readFileSync(file)).slice(0, 64), image.slice(0, 64));
};

const passphrases: Check = async ({ file, open }) => {
  const db = await open({ passphrase: 'correct horse' });
  put(db, 1);
  // From here on it is asked for at the least cost.
  await protect(db, 'correct horse');
  db.close();
  const before = new Uint8Array(fs.readFileSync(file));
  await assert.rejects(open({ passphrase: 'battery staple' }), withCode('wrong-passphrase'));
  await assert.rejects(open(), withCode('passphrase-required'));
  assert.deepEqual(new Uint8Array(fs.readFileSync(file)), before);
  const again = await open({ passphrase: 'correct horse' });
  assert.equal(get(again), 1);
  again.close();
};

/** A secret of 32 equal bytes, in a row that needs no others. */
const KEY = new Uint8Array(32).fill(0xa7);
const holdsKey = (file: string) => fs.readFileSync(file).toString('latin1').includes('\u00a7'.repeat(KEY.length));

const secretsInPlace: Check = async ({ file, open }) => {
  const shown = () => beside(file).filter((name) => holdsKey(`${dirname(file)}/${name}`));
  const db = await open();
  db.sql.run('INSERT INTO mesh_certificate VALUES (1, zeroblob(1), ?, 0)', [KEY]);
  put(db, 1);
  assert.notDeepEqual(shown(), []);
  await protect(db, 'correct horse');
  assert.deepEqual(shown(), []);
  put(db, 2);
  db.close();
  assert.deepEqual(shown(), []);
  const again = await open({ passphrase: 'correct horse' });
  const place = { table: 'mesh_certificate', column: 'private_key', row: 1 } as const;
  const stored = again.sql.get('SELECT private_key FROM mesh_certificate')?.private_key;
  assert.deepEqual(again.secrets.open(place, stored), KEY);
  again.close();
};

/** By what they show. */
export const CHECKS: Readonly<Record<string, Check>> = {
  'values come back as they were': values,
  'a transaction is kept as a whole or not at all': transactions,
  'what was written is there when the file is opened again, for its owner only': keeping,
  'one writer at a time': oneWriter,
  'a reader beside a writer sees one moment, and writes nothing': readers,
  'a process that did not close loses nothing, and breaks the lineage': abandoned,
  'the lineage goes on in the very same file only': lineages,
  'a file that changed underneath is not written to': changedUnderneath,
  'a damaged or foreign file is refused, and left as it is': foreignFiles,
  'exports, backups and compacting': copies,
  'a migration that fails leaves the file': olderSchemas,
  'a passphrase is asked for': passphrases,
  'a passphrase that is set leaves no secret in the clear in any file': secretsInPlace,
};
