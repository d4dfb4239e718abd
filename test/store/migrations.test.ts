import fs from 'node:fs';
import initSqlJs from 'sql.js';
import { expect, test } from 'vitest';
import { APPLICATION_ID } from '../../src/store/image.js';
import { MIGRATIONS } from '../../src/store/migrations/index.js';
import { openDatabase } from '../../src/store/open-database.js';
import { temporaryFile } from './temporary-folder.js';

const schemaOf = 'SELECT name, sql FROM sqlite_schema ORDER BY name';

test.each(MIGRATIONS.slice(1).map((_, i) => i + 1))(
  'a file of schema version %i is brought up to date',
  async (version) => {
    const { Database } = await initSqlJs();
    const old = new Database();
    for (const script of MIGRATIONS.slice(0, version)) old.run(script);
    old.run(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version};`);
    old.run("INSERT INTO meta VALUES ('kept', 'as it was')");
    const file = temporaryFile();
    const image = old.export();
    fs.writeFileSync(file, image);

    const db = await openDatabase({ file });
    expect(db.sql.get("SELECT value FROM meta WHERE key = 'kept'")).toEqual({ value: 'as it was' });
    expect(db.sql.all(schemaOf)).toEqual((await openDatabase()).sql.all(schemaOf));
    db.close();
    expect(fs.readFileSync(`${file}.bak`).equals(image)).toBe(true);
    (await openDatabase({ file, readonly: true })).close();
  },
);
