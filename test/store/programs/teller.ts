/**
 * Opens the database file of the first argument with the native driver, prints the numbers that a `writer` left there as
 * JSON, and closes it.
 */
import process from 'node:process';
import { openDatabase } from '../../../src/store/open-database.js';

openDatabase({ file: process.argv[2] ?? '', driver: 'native' }).then(
  (db) => {
    const value = (key: string) => db.sql.get('SELECT value FROM meta WHERE key = ?', [key])?.value ?? null;
    const filling = new Set(value('filling') as Uint8Array | null);
    process.stdout.write(`${JSON.stringify({ left: value('left'), right: value('right'), filling: [...filling] })}\n`);
    db.close();
  },
  (error: Error) => {
    process.stdout.write(`${error.name}: ${error.message}\n`);
    process.exitCode = 3;
  },
);
