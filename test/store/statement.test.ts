import initSqlJs, { type Statement } from 'sql.js';
import { describe, expect, test } from 'vitest';
import type { MeshDatabase } from '../../src/store/database.js';
import { openDatabase } from '../../src/store/open-database.js';

const PUT = 'INSERT OR REPLACE INTO meta VALUES (?, ?)';
const GET = 'SELECT value FROM meta WHERE key = ?';

describe('values', () => {
  test.each([
    ['an integer', 0],
    ['a negative integer', -5],
    ['an integer of more than 32 bits', 2 ** 40 + 1],
    ['the largest integer', Number.MAX_SAFE_INTEGER],
    ['text', 'caf\u00e9 \u{1f333}'],
    ['text with a zero character', 'a\0b'],
    ['empty text', ''],
    ['bytes', Uint8Array.of(0, 255, 0)],
    ['no bytes', new Uint8Array(0)],
    ['null', null],
  ])('%s comes back as it was', async (_, value) => {
    const db = await openDatabase();
    db.sql.run(PUT, ['key', value]);
    expect(db.sql.get(GET, ['key'])).toStrictEqual({ value });
    const again = await openDatabase({ bytes: db.export() });
    expect(again.sql.all('SELECT * FROM meta')).toStrictEqual([{ key: 'key', value }]);
  });

  test('an integer column takes integers of more than 32 bits', async () => {
    const db = await openDatabase();
    db.sql.run('INSERT INTO mesh_orphan (orphan_id, waiting_for, actor, size, bundle) VALUES (?1, ?1, ?1, ?2, ?1)', [
      new Uint8Array(32),
      2 ** 40,
    ]);
    expect(db.sql.get('SELECT size, typeof(size) AS type FROM mesh_orphan')).toStrictEqual({
      size: 2 ** 40,
      type: 'integer',
    });
  });

  test('bytes are copies, in both directions', async () => {
    const db = await openDatabase();
    const given = Uint8Array.of(1, 2, 3);
    db.sql.run(PUT, ['key', given]);
    given.fill(9);
    const first = db.sql.get(GET, ['key'])?.value as Uint8Array;
    first.fill(9);
    expect(db.sql.get(GET, ['key'])?.value).toStrictEqual(Uint8Array.of(1, 2, 3));
  });
});

test('a query without rows gives undefined, or an empty array', async () => {
  const db = await openDatabase();
  expect(db.sql.get(GET, ['nobody'])).toBeUndefined();
  expect(db.sql.all(GET, ['nobody'])).toStrictEqual([]);
});

test('a statement that fails says why, without the values', async () => {
  const db = await openDatabase();
  const secret = 'do-not-print-me';
  db.sql.run('INSERT INTO meta VALUES (?, ?)', [secret, 1]);
  let message = '';
  try {
    db.sql.run('INSERT INTO meta VALUES (?, ?)', [secret, 2]);
  } catch (error) {
    message = String(error);
  }
  expect(message).toContain('UNIQUE constraint failed: meta.key');
  expect(message).not.toContain(secret);
  expect(() => db.sql.get('SELEC')).toThrow('syntax error');
  expect(() => db.sql.get('')).toThrow('SQLite refused a statement');
});

test('more different statements than are kept prepared all work, and again', async () => {
  const db = await openDatabase();
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 600; i++) expect(db.sql.get(`SELECT ${i} AS i`)).toStrictEqual({ i });
  }
});

/** Fails unless foreign keys are enforced. */
function expectForeignKeys(db: MeshDatabase): void {
  const orphan = () => db.sql.run('INSERT INTO mesh_secret VALUES (?, ?)', [new Uint8Array(32), new Uint8Array(32)]);
  expect(orphan).toThrow('FOREIGN KEY constraint failed');
}

describe('statements and settings survive an export', () => {
  test('with the sql.js of the package', async () => {
    const db = await openDatabase();
    db.sql.run(PUT, ['a', 1]);
    for (let n = 1; n <= 3; n++) {
      expect(db.sql.get(GET, ['a'])).toStrictEqual({ value: n });
      db.export();
      expectForeignKeys(db);
      db.sql.run(PUT, ['a', n + 1]);
    }
  });

  test('with one that closes and reopens the database for it, as sql.js did up to 1.15', async () => {
    const sqlJs = await initSqlJs();
    let exports = 0;
    class Reopening extends sqlJs.Database {
      readonly prepared: Statement[] = [];
      override prepare(sql: string): Statement {
        const statement = super.prepare(sql);
        this.prepared.push(statement);
        return statement;
      }
      override export(): Uint8Array {
        const image = super.export();
        exports++;
        for (const statement of this.prepared.splice(0)) statement.free();
        this.run('PRAGMA foreign_keys = OFF; PRAGMA secure_delete = OFF');
        return image;
      }
    }
    const db = await openDatabase({ sqlJs: { Database: Reopening } });
    db.sql.run(PUT, ['a', 1]);
    expect(db.sql.get(GET, ['a'])).toStrictEqual({ value: 1 });
    const before = exports;
    db.export();
    expect(exports).toBe(before + 1);
    expect(db.sql.get(GET, ['a'])).toStrictEqual({ value: 1 });
    expectForeignKeys(db);
    expect(db.sql.get('PRAGMA secure_delete')).toStrictEqual({ secure_delete: 1 });
  });
});

test('what was deleted is not left behind in the bytes', async () => {
  const db = await openDatabase();
  const secret = new TextEncoder().encode('0123456789abcdef-the-secret');
  const kept = () => new TextDecoder('latin1').decode(db.export()).includes('-the-secret');
  db.sql.run(PUT, ['secret', secret]);
  expect(kept()).toBe(true);
  db.sql.run("DELETE FROM meta WHERE key = 'secret'");
  expect(kept()).toBe(false);
});
