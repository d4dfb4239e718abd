import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MeshDatabase } from '../../src/store/database.js';
import { openDatabase } from '../../src/store/open-database.js';

const PUT = 'INSERT OR REPLACE INTO meta VALUES (?, ?)';

function content(db: MeshDatabase): Record<string, unknown> {
  return Object.fromEntries(db.sql.all('SELECT key, value FROM meta').map(({ key, value }) => [key, value]));
}

const code = (expected: string) => expect.objectContaining({ name: 'MeshError', code: expected });

test('all of a transaction is kept, and its result is returned', async () => {
  const db = await openDatabase();
  const result = db.transaction(() => {
    db.sql.run(PUT, ['a', 1]);
    db.sql.run(PUT, ['b', 2]);
    return 'done';
  });
  expect(result).toBe('done');
  expect(content(db)).toStrictEqual({ a: 1, b: 2 });
});

test('nothing of a transaction that throws is kept, and the error comes through as it is', async () => {
  const db = await openDatabase();
  db.sql.run(PUT, ['a', 1]);
  const error = new Error('changed my mind');
  const attempt = () =>
    db.transaction(() => {
      db.sql.run(PUT, ['a', 2]);
      db.sql.run('CREATE TABLE extra (x)');
      throw error;
    });
  expect(attempt).toThrow(error);
  expect(content(db)).toStrictEqual({ a: 1 });
  expect(() => db.sql.all('SELECT * FROM extra')).toThrow('no such table');
  expect(db.rollbacks).toBe(1);
});

describe('a transaction inside another one', () => {
  test('joins it: both are kept together', async () => {
    const db = await openDatabase();
    db.transaction(() => {
      db.sql.run(PUT, ['a', 1]);
      db.transaction(() => db.sql.run(PUT, ['b', 2]));
      expect(content(db)).toStrictEqual({ a: 1, b: 2 });
    });
    expect(content(db)).toStrictEqual({ a: 1, b: 2 });
  });

  test('is undone with the outer one', async () => {
    const db = await openDatabase();
    const attempt = () =>
      db.transaction(() => {
        db.transaction(() => db.sql.run(PUT, ['b', 2]));
        throw new Error('outer');
      });
    expect(attempt).toThrow('outer');
    expect(content(db)).toStrictEqual({});
  });

  test('dooms the outer one when it throws, even if that was caught', async () => {
    const db = await openDatabase();
    const inner = new Error('inner');
    const attempt = () =>
      db.transaction(() => {
        db.sql.run(PUT, ['a', 1]);
        expect(() =>
          db.transaction(() => {
            throw inner;
          }),
        ).toThrow(inner);
        db.sql.run(PUT, ['b', 1]);
      });
    expect(attempt).toThrow(code('transaction-failed'));
    expect(attempt).toThrow(expect.objectContaining({ cause: inner }));
    expect(content(db)).toStrictEqual({});
    db.sql.run(PUT, ['c', 1]);
    expect(content(db)).toStrictEqual({ c: 1 });
  });

  type Step = { put: string } | { inner: Step[]; caught: boolean } | 'throw';
  const { steps } = fc.letrec<{ steps: Step[]; step: Step }>((tie) => ({
    steps: fc.array(tie('step'), { maxLength: 4 }),
    step: fc.oneof(
      { depthSize: 'medium' },
      { weight: 6, arbitrary: fc.record({ put: fc.constantFrom('a', 'b', 'c') }) },
      { weight: 1, arbitrary: fc.constant('throw' as const) },
      { weight: 4, arbitrary: fc.record({ inner: tie('steps'), caught: fc.boolean() }) },
    ),
  }));

  test('is, in any nesting, all or nothing with everything around it', async () => {
    const db = await openDatabase();
    let committed = 0;
    let undone = 0;
    fc.assert(
      fc.property(steps, fc.integer(), (program, value) => {
        const before = content(db);
        const after = { ...before };
        let thrown = false;
        const perform = (list: Step[]): void => {
          for (const step of list) {
            if (step === 'throw') {
              thrown = true;
              throw new Error('thrown');
            }
            if ('put' in step) {
              db.sql.run(PUT, [step.put, value]);
              after[step.put] = value;
              continue;
            }
            try {
              db.transaction(() => perform(step.inner));
            } catch (error) {
              if (!step.caught) throw error;
            }
          }
        };
        const attempt = () => db.transaction(() => perform(program));
        try {
          attempt();
          committed++;
        } catch {
          undone++;
          expect(thrown).toBe(true);
        }
        expect(content(db)).toStrictEqual(thrown ? before : after);
      }),
      { numRuns: 500 },
    );
    expect(Math.min(committed, undone)).toBeGreaterThan(50);
  });
});

test('a statement that fails undoes itself only: the transaction may go on', async () => {
  const db = await openDatabase();
  db.transaction(() => {
    db.sql.run('INSERT INTO meta VALUES (?, ?)', ['a', 1]);
    expect(() => db.sql.run('INSERT INTO meta VALUES (?, ?)', ['a', 2])).toThrow(code('sql-failed'));
    db.sql.run('INSERT INTO meta VALUES (?, ?)', ['b', 2]);
  });
  expect(content(db)).toStrictEqual({ a: 1, b: 2 });
});

test('asynchronous work is refused and undone', async () => {
  const db = await openDatabase();
  const attempt = () =>
    db.transaction(async () => {
      db.sql.run(PUT, ['a', 1]);
    });
  expect(attempt).toThrow('work must be synchronous');
  expect(content(db)).toStrictEqual({});
});

test('a foreign key that is left open makes the commit fail as a whole', async () => {
  const db = await openDatabase();
  const attempt = () =>
    db.transaction(() => {
      db.sql.run(PUT, ['a', 1]);
      db.sql.run('PRAGMA defer_foreign_keys = ON');
      db.sql.run('INSERT INTO mesh_secret VALUES (?, ?)', [new Uint8Array(32), new Uint8Array(32)]);
    });
  expect(attempt).toThrow('FOREIGN KEY constraint failed');
  expect(content(db)).toStrictEqual({});
  db.sql.run(PUT, ['a', 2]);
  expect(content(db)).toStrictEqual({ a: 2 });
});

test('exporting and closing inside a transaction are refused, since both would lose it', async () => {
  const db = await openDatabase();
  expect(() => db.transaction(() => db.export())).toThrow(code('in-transaction'));
  expect(() => db.transaction(() => db.close())).toThrow(code('in-transaction'));
});

test('after closing, everything but closing again says that the database is closed', async () => {
  const db = await openDatabase();
  db.close();
  db.close();
  for (const use of [
    () => db.sql.get('SELECT 1'),
    () => db.sql.all('SELECT 1'),
    () => db.sql.run(PUT, ['a', 1]),
    () => db.transaction(() => 1),
    () => db.export(),
  ]) {
    expect(use).toThrow(code('database-closed'));
  }
  await expect(db.durable()).rejects.toThrow(code('database-closed'));
});
