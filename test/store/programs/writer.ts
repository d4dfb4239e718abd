/**
 * Opens the database file of the first argument and writes to it until it is ended: transaction n puts the same number
 * into two rows, with a filling of as many bytes as the second argument says. The third
 * argument says from how many bytes of the image on it is added to a journal, or names the native driver. Reports each transaction that was done.
 */
import { writeSync } from 'node:fs';
import process from 'node:process';
import { openDatabase } from '../../../src/store/open-database.js';

const [file = '', filling = '0', publishing = 'Infinity'] = process.argv.slice(2);
const options = publishing === 'native' ? ({ driver: publishing } as const) : { journalFrom: Number(publishing) };
// Straight to the pipe: what was reported must not wait in a buffer when the process is killed.
const report = (line: string) => writeSync(1, `${line}\n`);

openDatabase({ file, ...options }).then(
  (db) => {
    report('open');
    const last = db.sql.get('SELECT value FROM meta WHERE key = ?', ['left']);
    for (let n = Number(last?.value ?? 0) + 1; ; n++) {
      db.transaction(() => {
        const put = 'INSERT OR REPLACE INTO meta VALUES (?, ?)';
        db.sql.run(put, ['left', n]);
        db.sql.run(put, ['filling', new Uint8Array(Number(filling)).fill(n)]);
        db.sql.run(put, ['right', n]);
      });
      report(String(n));
    }
  },
  (error: Error) => {
    report(`${error.name}: ${error.message}`);
    process.exitCode = 3;
  },
);
