import { describe, expect, test } from 'vitest';
import { InvalidInputError } from '../../src/errors.js';
import { openDatabase } from '../../src/store/open-database.js';

describe('what writes must do the same whenever it is executed', () => {
  test.each([
    'INSERT INTO meta VALUES (random(), 1)',
    "INSERT INTO meta VALUES ('a', RandomBlob (16))",
    "INSERT INTO meta VALUES ('a', datetime('now'))",
    'UPDATE meta SET value = unixepoch()',
    'UPDATE meta SET value = CURRENT_TIMESTAMP',
    "INSERT INTO meta VALUES ('a', last_insert_rowid())",
    "INSERT INTO meta SELECT 'a', changes()",
    "INSERT INTO meta VALUES ('a', sqlite_version())",
    "INSERT OR FAIL INTO meta VALUES ('a', 1)",
    'UPDATE OR ROLLBACK meta SET value = 1',
    'COMMIT',
    ' begin immediate',
    'VACUUM',
    "ATTACH 'other.db' AS other",
  ])('%s is refused', async (sql) => {
    const db = await openDatabase();
    expect(() => db.sql.run(sql)).toThrow(InvalidInputError);
    expect(() => db.transaction(() => db.sql.run(sql))).toThrow(InvalidInputError);
    expect(db.sql.all('SELECT * FROM meta')).toStrictEqual([]);
    db.sql.run("INSERT INTO meta VALUES ('a', 1)");
  });

  test('columns may have the names of such functions', async () => {
    const db = await openDatabase();
    db.sql.run('CREATE TABLE extra (date, time, changes)');
    db.sql.run('INSERT INTO extra (date, time, changes) VALUES (1, 2, 3)');
    expect(db.sql.get('SELECT * FROM extra')).toStrictEqual({ date: 1, time: 2, changes: 3 });
  });
});

describe('what reads must not write', () => {
  test.each([
    "INSERT INTO meta VALUES ('a', 1) RETURNING key",
    "  replace into meta values ('a', 1) returning key",
    "WITH n (value) AS (SELECT 1)\nINSERT INTO meta SELECT 'a', value FROM n RETURNING key",
    'DELETE FROM meta RETURNING key',
    'CREATE TABLE extra (x)',
  ])('%s is refused', async (sql) => {
    const db = await openDatabase();
    db.sql.run("INSERT INTO meta VALUES ('b', 1)");
    expect(() => db.sql.get(sql)).toThrow(InvalidInputError);
    expect(() => db.sql.all(sql)).toThrow(InvalidInputError);
    expect(db.sql.all('SELECT key FROM meta')).toStrictEqual([{ key: 'b' }]);
  });

  test('a query may name what it reads as it likes', async () => {
    const db = await openDatabase();
    const sql = "WITH inserted AS (SELECT 'insert' AS deleted) SELECT deleted FROM inserted";
    expect(db.sql.get(sql)).toStrictEqual({ deleted: 'insert' });
  });
});
