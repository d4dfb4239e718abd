/**
 * Checks a driver in the runtime that executes this: the first argument names the driver, the second a folder. Prints one line
 * for each check, `ok NAME` or `failed NAME: ERROR`.
 */
import fs from 'node:fs';
import process from 'node:process';
import { openDatabase } from '../../../src/store/open-database.js';
import { CHECKS, type Driver } from './driver-checks.js';
import { EXCHANGES } from './driver-exchange.js';

const [driver = 'sql.js', folder = ''] = process.argv.slice(2) as [Driver, string];

async function report(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
    process.stdout.write(`ok ${name}\n`);
  } catch (error) {
    process.stdout.write(`failed ${name}: ${String((error as Error).stack).replaceAll('\n', ' ')}\n`);
  }
}

function newFile(): string {
  return `${fs.mkdtempSync(`${fs.realpathSync(folder)}/`)}/mesh.db`;
}

async function tell(): Promise<void> {
  for (const [name, check] of Object.entries(CHECKS)) {
    const file = newFile();
    await report(name, () => check({ driver, file, open: (options) => openDatabase({ file, driver, ...options }) }));
  }
  if (driver !== 'native') return;
  for (const [name, check] of Object.entries(EXCHANGES)) await report(name, () => check(newFile()));
}

void tell();
