import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import { dirname } from 'node:path';
import * as fc from 'fast-check';
import initSqlJs from 'sql.js';
import { describe, expect, test } from 'vitest';
import { equalBytes } from '../../src/bytes.js';
import { CorruptDatabaseError } from '../../src/errors.js';
import { openDatabase } from '../../src/store/open-database.js';
import { temporaryFile } from './temporary-folder.js';

const { Database } = await initSqlJs();

/** A good image with some rows, altered by SQL that the library would not execute. */
async function image(sql = ''): Promise<Uint8Array> {
  const db = await openDatabase();
  db.transaction(() => {
    for (let i = 0; i < 200; i++)
      db.sql.run('INSERT INTO meta VALUES (?, ?)', [`key ${i}`, new Uint8Array(50).fill(i)]);
  });
  const altered = new Database(db.export());
  altered.run(sql);
  return altered.export();
}

async function patched(offset: number, ...bytes: number[]): Promise<Uint8Array> {
  const result = await image();
  result.set(bytes, offset);
  return result;
}

function otherApplication(): Uint8Array {
  const other = new Database();
  other.run('CREATE TABLE recipes (name TEXT); PRAGMA user_version = 1');
  return other.export();
}

async function brokenSchema(): Promise<Uint8Array> {
  const result = await image();
  const at = Buffer.from(result).indexOf('CREATE TABLE meta');
  result.set(Buffer.from('CREATE TABEL'), at);
  return result;
}

const PAGE = 4096;

const cases: [string, () => Promise<Uint8Array>, RegExp][] = [
  ['an empty file', async () => new Uint8Array(0), /is not a SQLite database/],
  ['a text', async () => Buffer.from('Dear diary, '.repeat(500)), /is not a SQLite database/],
  ['a database of another application', async () => otherApplication(), /is a database of another application/],
  [
    'one of a newer schema',
    () => image('PRAGMA user_version = 999'),
    /has schema version 999, and this version of the/,
  ],
  ['one without a schema version', () => image('PRAGMA user_version = 0'), /has no schema version/],
  ['one with its end missing', async () => (await image()).slice(0, -PAGE), /is damaged/],
  ['one with half of it missing', async () => (await image()).slice(0, 5 * PAGE + 100), /is damaged/],
  ['one with a page that is none', () => patched(5 * PAGE, 0xff, 0xff, 0xff, 0xff), /is damaged/],
  ['one with a schema that is none', brokenSchema, /is damaged/],
  ['one in an unknown file format', () => patched(18, 9, 9), /is damaged/],
  [
    'one with a broken reference',
    () => image('INSERT INTO mesh_secret VALUES (zeroblob(32), zeroblob(32))'),
    /is damaged \(a row refers to one that is missing\)/,
  ],
  [
    'one with a broken constraint',
    () => image("PRAGMA ignore_check_constraints = ON; INSERT INTO mesh_orphan VALUES (1, x'', x'', x'', 0, x'')"),
    /is damaged \(CHECK constraint failed/,
  ],
];

describe.each(cases)('%s', (_, make, message) => {
  test('is refused in a file, which is left as it is', async () => {
    const file = temporaryFile();
    const bytes = await make();
    fs.writeFileSync(file, bytes, { mode: 0o640 });
    const before = fs.statSync(file);
    for (const readonly of [false, true]) {
      const attempt = openDatabase({ file, readonly });
      await expect(attempt).rejects.toThrow(CorruptDatabaseError);
      await expect(attempt).rejects.toThrow(message);
      await expect(attempt).rejects.toThrow(fs.realpathSync(file));
    }
    const after = fs.statSync(file);
    expect(equalBytes(fs.readFileSync(file), bytes)).toBe(true);
    expect([after.ino, after.mtimeMs, after.mode]).toStrictEqual([before.ino, before.mtimeMs, before.mode]);
    expect(fs.readdirSync(dirname(file))).toStrictEqual(['mesh.db']);
  });

  test('is refused as bytes, which are left as they are', async () => {
    const bytes = await make();
    const before = bytes.slice();
    await expect(openDatabase({ bytes })).rejects.toThrow(CorruptDatabaseError);
    await expect(openDatabase({ bytes })).rejects.toThrow(message);
    expect(equalBytes(bytes, before)).toBe(true);
  });
});

test('random damage is refused or harmless, and never another error', async () => {
  const good = await image();
  const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(damage, async (changes) => {
      const bytes = good.slice();
      for (const [at, byte] of changes) bytes[at] = byte;
      try {
        (await openDatabase({ bytes })).close();
      } catch (error) {
        expect(error).toBeInstanceOf(CorruptDatabaseError);
        refused++;
      }
    }),
    { numRuns: 100 },
  );
  expect(refused).toBeGreaterThan(5);
});
