/**
 * Adds one to a number in the database file of the first argument, over and over, opening the file for each addition, for
 * as many milliseconds as the second argument says, and twice at least. The third one says from how many bytes of the image
 * on through a journal, or names the native driver. Prints how often it succeeded and how often the file was locked, and any
 * other error.
 */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseLockedError } from '../../../src/errors.js';
import { openDatabase } from '../../../src/store/open-database.js';

const [file = '', milliseconds = '0', publishing = 'Infinity'] = process.argv.slice(2);
const options = publishing === 'native' ? ({ driver: publishing } as const) : { journalFrom: Number(publishing) };

async function add(): Promise<void> {
  const db = await openDatabase({ file, ...options });
  db.transaction(() => {
    const count = Number(db.sql.get("SELECT value FROM meta WHERE key = 'count'")?.value ?? 0);
    db.sql.run("INSERT OR REPLACE INTO meta VALUES ('count', ?)", [count + 1]);
  });
  db.close();
}

async function contend(): Promise<void> {
  const end = performance.now() + Number(milliseconds);
  let added = 0;
  let locked = 0;
  // On a busy machine processes may take longer to start than that.
  while (performance.now() < end || added < 2) {
    try {
      await add();
      added++;
    } catch (error) {
      if (!(error instanceof DatabaseLockedError)) process.stdout.write(`${String(error)}\n`);
      locked++;
      await delay(1 + (process.pid % 5));
    }
  }
  process.stdout.write(`${added} ${locked}\n`);
}

void contend();
