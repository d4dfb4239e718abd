/**
 * Adds one to a number in the database file of the first argument, over and over, opening the file for each addition, until it
 * succeeded as often as the second argument says. Prints that number, and any error but that of a locked file.
 */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseLockedError } from '../../../src/errors.js';
import { openDatabase } from '../../../src/store/open-database.js';

const [file = '', times = '0'] = process.argv.slice(2);

async function add(): Promise<boolean> {
  try {
    const db = await openDatabase({ file });
    db.transaction(() => {
      const count = Number(db.sql.get("SELECT value FROM meta WHERE key = 'count'")?.value ?? 0);
      db.sql.run("INSERT OR REPLACE INTO meta VALUES ('count', ?)", [count + 1]);
    });
    db.close();
    return true;
  } catch (error) {
    if (!(error instanceof DatabaseLockedError)) process.stdout.write(`${String(error)}\n`);
    return false;
  }
}

async function count(): Promise<void> {
  let done = 0;
  while (done < Number(times)) {
    if (await add()) done++;
    else await delay(2);
  }
  process.stdout.write(`${done}\n`);
}

void count();
