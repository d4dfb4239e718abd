/**
 * The runtime's own SQLite where there is none that the library knows.
 *
 * @module
 */
import { type LoadNativeSqlite, noNativeSqlite } from './native-sqlite.js';

/** @throws MeshError `no-native-sqlite`, always */
export const loadNativeSqlite: LoadNativeSqlite = async () => {
  throw noNativeSqlite();
};
