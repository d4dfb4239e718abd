/**
 * What every connection sets, whichever SQLite is below.
 *
 * @module
 */

/**
 * Temporary tables stay in memory: elsewhere they would be beyond the protection of the file, and on sql.js's emulated file
 * system they gain nothing. Deleted secrets are overwritten. A database from elsewhere gets no chance to play tricks with
 * its schema.
 */
export const COMMON_SETTINGS = `
  PRAGMA foreign_keys = ON;
  PRAGMA temp_store = MEMORY;
  PRAGMA secure_delete = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA cell_size_check = ON;
`;
