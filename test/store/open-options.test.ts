import initSqlJs from 'sql.js';
import { afterEach, expect, test, vi } from 'vitest';
import { InvalidInputError } from '../../src/errors.js';
import { deleteDatabase } from '../../src/store/delete-database.js';
import { openDatabaseFile } from '../../src/store/file-storage.none.js';
import { MIGRATIONS } from '../../src/store/migrations/index.js';
import { type OpenDatabaseOptions, openDatabase } from '../../src/store/open-database.js';
import type { PlaceName } from '../../src/store/place-name.js';
import { recoverDatabase } from '../../src/store/recover.js';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test('a database in memory is empty, of this library and of the newest schema', async () => {
  const db = await openDatabase();
  expect(db.file).toBeNull();
  expect(db.sql.get('PRAGMA application_id')).toStrictEqual({ application_id: 0x4152424d });
  expect(db.sql.get('PRAGMA user_version')).toStrictEqual({ user_version: MIGRATIONS.length });
  expect(db.sql.get('PRAGMA integrity_check')).toStrictEqual({ integrity_check: 'ok' });
});

test('two databases in memory have nothing to do with each other', async () => {
  const [first, second] = [await openDatabase(), await openDatabase()];
  first.sql.run("INSERT INTO meta VALUES ('a', 1)");
  expect(second.sql.all('SELECT * FROM meta')).toStrictEqual([]);
});

test('the clock is the system\u2019s in whole seconds, or the one that was given', async () => {
  const before = Math.floor(Date.now() / 1000);
  const now = (await openDatabase()).now();
  expect(Number.isInteger(now)).toBe(true);
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000));
  expect((await openDatabase({ now: () => 42 })).now()).toBe(42);
});

test('a program can bring its own sql.js', async () => {
  const sqlJs = await initSqlJs();
  let made = 0;
  class Counting extends sqlJs.Database {
    constructor(image?: Uint8Array) {
      super(image);
      made++;
    }
  }
  const db = await openDatabase({ sqlJs: { Database: Counting } });
  expect(made).toBe(1);
  expect(db.sql.get('SELECT 1 AS one')).toStrictEqual({ one: 1 });
});

test.each([
  ['file', { file: '' }],
  ['file', { file: 7 }],
  ['bytes', { bytes: [1, 2] }],
  ['file', { file: 'a.db', bytes: new Uint8Array(1) }],
  ['file', { file: 'a.db', indexedDB: 'a' }],
  ['indexedDB', { indexedDB: '' }],
  ['indexedDB', { indexedDB: 'a', opfs: 'a' }],
  ['opfs', { opfs: 'a/b' }],
  ['opfs', { opfs: '..' }],
  ['opfs', { opfs: 'a'.repeat(201) }],
  ['bytes', { opfs: 'a', bytes: new Uint8Array(1), readonly: true }],
  ['onPublishFailure', { indexedDB: 'a', onPublishFailure: 'log' }],
  ['now', { now: 5 }],
  ['sqlJs', { sqlJs: {} }],
  ['sqlJs', { sqlJs: initSqlJs }],
])('an option that makes no sense is named: %s', async (name, options) => {
  const attempt = openDatabase(options as unknown as OpenDatabaseOptions);
  await expect(attempt).rejects.toThrow(InvalidInputError);
  await expect(attempt).rejects.toThrow(new RegExp(`^${name} `));
});

test('where there is no file system, that is said', () => {
  expect(() => openDatabaseFile('mesh.db', { readonly: false })).toThrow(
    expect.objectContaining({ name: 'MeshError', code: 'no-file-system' }),
  );
});

test.each([{ indexedDB: 'mesh' }, { opfs: 'mesh' }])(
  'where there is no storage of a browser, that is said: %o',
  async (place) => {
    const unavailable = expect.objectContaining({ name: 'MeshError', code: 'storage-unavailable' });
    await expect(openDatabase(place)).rejects.toThrow(unavailable);
    await expect(openDatabase({ ...place, readonly: true })).rejects.toThrow(unavailable);
    await expect(deleteDatabase(place)).rejects.toThrow(unavailable);
    await expect(recoverDatabase(place)).rejects.toThrow(unavailable);
  },
);

test('what names no database in a browser is not deleted, nor recovered', async () => {
  for (const place of [{}, null, 'mesh.db', { indexedDB: 'a', opfs: 'a' }, { opfs: 7 }]) {
    await expect(deleteDatabase(place as unknown as PlaceName)).rejects.toThrow(InvalidInputError);
  }
  await expect(recoverDatabase({})).rejects.toThrow(InvalidInputError);
  await expect(recoverDatabase({ opfs: 'a' }, { from: 'a.bak' })).rejects.toThrow(InvalidInputError);
});

test('where compiling WebAssembly is refused, that is said at once, and once it is allowed opening works', async () => {
  vi.resetModules();
  const fresh = await import('../../src/store/open-database.js');
  const compile = () => Promise.reject(new WebAssembly.CompileError('refused by policy'));
  vi.stubGlobal('WebAssembly', { compile });
  await expect(fresh.openDatabase()).rejects.toThrow(
    expect.objectContaining({ name: 'WasmUnavailableError', code: 'wasm-unavailable' }),
  );
  vi.unstubAllGlobals();
  expect((await fresh.openDatabase()).now()).toBeGreaterThan(0);
});
