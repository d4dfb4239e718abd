/**
 * The SQLite of Node and Deno.
 *
 * @module
 */
import { type LoadNativeSqlite, noNativeSqlite } from '../native/native-sqlite.js';

/** Without full permissions Deno forbids to attach databases, which copies and compacting need. */
function requireAttaching(DatabaseSync: typeof import('node:sqlite').DatabaseSync): void {
  const database = new DatabaseSync(':memory:', { readOnly: false });
  try {
    database.exec("ATTACH ':memory:' AS other");
  } finally {
    database.close();
  }
}

/** @throws MeshError `no-native-sqlite` in versions without `node:sqlite`, and in Deno without full permissions */
export const loadNativeSqlite: LoadNativeSqlite = async () => {
  try {
    const { DatabaseSync } = await import('node:sqlite');
    requireAttaching(DatabaseSync);
    return (file, { readonly }) => new DatabaseSync(file, { readOnly: readonly });
  } catch (cause) {
    throw noNativeSqlite(cause);
  }
};
