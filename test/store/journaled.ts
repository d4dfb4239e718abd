/** Databases whose mutations go to a journal. */
import fs from 'node:fs';
import { expect } from 'vitest';
import type { MeshDatabase } from '../../src/store/database.js';
import { openDatabase } from '../../src/store/open-database.js';
import { temporaryFile } from './temporary-folder.js';

export const PUT = 'INSERT OR REPLACE INTO meta VALUES (?, ?)';
export const put = (db: MeshDatabase, value: number) => db.sql.run(PUT, ['a', value]);
export const get = (db: MeshDatabase) => db.sql.get("SELECT value FROM meta WHERE key = 'a'")?.value;
export const journalOf = (file: string) => `${file}.journal`;
export const code = (expected: string) => expect.objectContaining({ name: 'MeshError', code: expected });

export const openJournaled = (file: string) => openDatabase({ file, journalFrom: 0 });

/** What image and journal say now, seen by an independent reader. */
export async function onDisk(file: string): Promise<unknown> {
  const db = await openDatabase({ file, readonly: true });
  const value = get(db);
  db.close();
  return value;
}

/** A file as a process leaves it that ends without closing: with three transactions in its journal. */
export async function abandoned(): Promise<string> {
  const file = temporaryFile();
  const db = await openJournaled(file);
  for (let value = 1; value <= 3; value++) put(db, value);
  for (const name of ['', '.journal']) fs.copyFileSync(`${file}${name}`, `${file}.abandoned${name}`);
  db.close();
  return `${file}.abandoned`;
}
