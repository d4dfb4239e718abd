/** Opens the database file of the first argument and keeps it open until its standard input ends; then exits at once. */
import process from 'node:process';
import { openDatabase } from '../../../src/store/open-database.js';

openDatabase({ file: process.argv[2] ?? '' }).then(
  () => {
    process.stdout.write('open\n');
    process.stdin.on('end', () => process.exit()).resume();
  },
  (error: Error) => {
    process.stdout.write(`${error.name}: ${error.message}\n`);
    process.exitCode = 3;
  },
);
