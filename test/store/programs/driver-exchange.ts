/** That a file goes from one driver to the other and back. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { type OpenDatabaseOptions, openDatabase } from '../../../src/store/open-database.js';
import { abandon, get, put, tellsBoot, withCode } from './driver-checks.js';

const schema = 'SELECT name, sql FROM sqlite_schema ORDER BY name';

/** By what they show; each is given a path of its own. */
export const EXCHANGES: Readonly<Record<string, (file: string) => Promise<void>>> = {
  'a file may be opened with one driver and then the other': async (file) => {
    for (let value = 1; value <= 6; value++) {
      const db = await openDatabase({ file, driver: value % 2 === 0 ? 'sql.js' : 'native', journalFrom: 0 });
      assert.equal(get(db) ?? 0, value - 1);
      put(db, value);
      put(db, value);
      assert.deepEqual(db.sql.all(schema), (await openDatabase()).sql.all(schema));
      db.close();
    }
  },
  'a journal that sql.js left is taken in': async (file) => {
    const db = await openDatabase({ file, journalFrom: 0 });
    for (const value of [1, 2, 3]) put(db, value);
    const copy = abandon(file);
    db.close();
    const reader = await openDatabase({ file: copy, driver: 'native', readonly: true });
    assert.equal(get(reader), 3);
    reader.close();
    const native = await openDatabase({ file: copy, driver: 'native' });
    assert.equal(get(native), 3);
    assert.ok(!fs.existsSync(`${copy}.journal`));
    native.close();
  },
  'what a native writer left, or has open, is not read without its log': async (file) => {
    const db = await openDatabase({ file, driver: 'native' });
    put(db, 1);
    const copy = abandon(file);
    for (const options of [{ file, readonly: true }, { file: copy }, { file: copy, readonly: true }]) {
      await assert.rejects(openDatabase(options), withCode('needs-native-sqlite'));
    }
    db.close();
    (await openDatabase({ file: copy, driver: 'native' })).close();
    for (const path of [file, copy]) {
      const after = await openDatabase({ file: path });
      assert.equal(get(after), 1);
      after.close();
    }
  },
  'a native writer takes a new file, so that no older copy passes for the one that goes on': async (file) => {
    const first = await openDatabase({ file });
    put(first, 1);
    const lineage = first.lineage;
    first.close();
    fs.cpSync(file, `${file}.copy`, { preserveTimestamps: true });
    const { atime, mtime } = fs.statSync(`${file}.copy`);
    const use = async (options: OpenDatabaseOptions) => {
      const db = await openDatabase({ file, ...options });
      put(db, 2);
      const name = db.lineage.join();
      db.close();
      return name;
    };
    if (tellsBoot()) assert.equal(await use({ driver: 'native' }), lineage.join());
    for (const driver of ['sql.js', 'native', 'sql.js'] as const) {
      fs.copyFileSync(`${file}.copy`, file);
      fs.utimesSync(file, atime, mtime);
      assert.notEqual(await use({ driver }), lineage.join(), driver);
    }
  },
};
