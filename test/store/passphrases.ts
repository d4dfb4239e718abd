/** Databases with passphrases that are cheap to try: the real cost takes up to a second each time. */
import type { MeshDatabase } from '../../src/store/database.js';
import { openDatabase } from '../../src/store/open-database.js';
import { changeDataKey } from '../../src/store/secrets/change-passphrase.js';
import { newDataKey } from '../../src/store/secrets/data-key.js';
import type { Passphrase } from '../../src/store/secrets/passphrase.js';

const CHEAP = { memory: 8, passes: 1, lanes: 1 };

export const PASSPHRASE = 'an oak, an ash and a thorn';

/** Sets or changes the passphrase, at the least cost that there is. */
export async function protect(db: MeshDatabase, passphrase: Passphrase): Promise<void> {
  await changeDataKey(db, await newDataKey(passphrase, CHEAP));
}

/** A new database with {@link PASSPHRASE}, unlocked. */
export async function openProtected(file?: string): Promise<MeshDatabase> {
  const db = await openDatabase(file === undefined ? {} : { file });
  await protect(db, PASSPHRASE);
  return db;
}
