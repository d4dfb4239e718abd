/**
 * The SQLite of Bun.
 *
 * @module
 */
import { type LoadNativeSqlite, noNativeSqlite } from '../native/native-sqlite.js';

/** @throws MeshError `no-native-sqlite` if Bun has none */
export const loadNativeSqlite: LoadNativeSqlite = async () => {
  try {
    const { Database } = await import('bun:sqlite');
    return (file, { readonly }) => new Database(file, readonly ? { readonly } : { readwrite: true, create: false });
  } catch (cause) {
    throw noNativeSqlite(cause);
  }
};
