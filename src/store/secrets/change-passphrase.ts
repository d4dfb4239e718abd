/**
 * Setting, changing and removing the passphrase. Every secret is sealed anew under a fresh data key, so that whoever
 * has an old copy and its passphrase learns nothing of what comes after.
 *
 * @module
 */
import { requireOptions } from '../../bytes.js';
import type { MeshDatabase } from '../database.js';
import type { SqlValue } from '../sql-js.js';
import { newDataKey, type ProtectedKey } from './data-key.js';
import { DATA_KEY } from './open-secrets.js';
import { PASSPHRASE_COST, type Passphrase } from './passphrase.js';
import { SECRET_COLUMNS } from './secret-columns.js';
import { Secrets } from './secrets.js';

/** In `meta` from the change of a passphrase until no image beside the database has the secrets as they were. */
const UNSETTLED = 'data_key_unsettled';

/** Settings of {@link changePassphrase}. */
export interface ChangePassphraseOptions {
  /** The new passphrase; null for none, which leaves the secrets in the clear. */
  readonly to: Passphrase | null;
}

/** Seals every secret of the database anew. Inside a transaction. */
function sealAgain({ sql, secrets }: MeshDatabase, next: Secrets): void {
  for (const { table, column, key } of SECRET_COLUMNS) {
    const rows = sql.all(`SELECT ${key} AS row, ${column} AS stored FROM ${table} WHERE ${column} IS NOT NULL`);
    for (const { row, stored } of rows) {
      const place = { table, column, row: row as number | Uint8Array };
      const secret = secrets.open(place, stored);
      sql.run(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`, [next.seal(place, secret), row as SqlValue]);
      secret.fill(0);
    }
  }
}

/**
 * Rewrites the database until neither its file nor the image before it holds anything of the secrets as they were. If
 * this is cut short, the next opening for writing does it.
 */
export async function settleSecrets(db: MeshDatabase): Promise<void> {
  if (db.sql.get('SELECT 1 FROM meta WHERE key = ?', [UNSETTLED]) === undefined) return;
  // Updated rows may leave traces in pages that a rewrite does not take over. The image before is still an old one after
  // the first rewrite, and a new one after the second. A place that is written behind must not take the two for one.
  for (let i = 0; i < 2; i++) {
    db.compact();
    await db.durable();
  }
  db.sql.run('DELETE FROM meta WHERE key = ?', [UNSETTLED]);
}

/**
 * Puts the secrets of a database under another data key, or under none.
 *
 * @param next is wiped if the change fails, and belongs to the database if not
 * @throws MeshError `secrets-locked`, `secret-damaged`; and as `db.transaction` and `db.compact` do
 */
export async function changeDataKey(db: MeshDatabase, next: ProtectedKey | null): Promise<void> {
  const future = new Secrets(null);
  future.adopt(next);
  try {
    db.transaction(() => {
      db.secrets.requireOpen();
      sealAgain(db, future);
      db.sql.run('DELETE FROM meta WHERE key = ?', [DATA_KEY]);
      if (next !== null) db.sql.run('INSERT INTO meta (key, value) VALUES (?, ?)', [DATA_KEY, next.wrapped]);
      db.sql.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, 1)', [UNSETTLED]);
    });
  } catch (error) {
    future.close();
    throw error;
  }
  db.secrets.adopt(next);
  await settleSecrets(db);
  await db.durable();
}

/**
 * Sets the passphrase of a database that has none, changes it, or removes it. The secrets must be readable: a database
 * that has a passphrase is to be opened with it, or unlocked.
 *
 * All of it is one transaction. Afterwards the file and the image before it (`FILE.bak`) are rewritten, so that neither
 * holds secrets under the passphrase before, or in the clear. Backups made earlier, and copies of all kinds, stay as
 * they are. A passphrase that is forgotten is gone, and with it every secret.
 *
 * @throws InvalidInputError if the passphrase is not as it must be
 * @throws MeshError `secrets-locked`; `secret-damaged` if a stored secret was tampered with; `in-transaction`; `read-only`,
 *   and as `db.transaction` does
 */
export async function changePassphrase(db: MeshDatabase, options: ChangePassphraseOptions): Promise<void> {
  const { to } = requireOptions(options);
  db.secrets.requireOpen();
  await changeDataKey(db, to === null ? null : await newDataKey(to, PASSPHRASE_COST));
}
