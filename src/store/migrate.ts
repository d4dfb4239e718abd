/**
 * Brings a database's schema up to date.
 *
 * @module
 */
import type { Connection } from './connection.js';
import { APPLICATION_ID } from './image.js';
import { MIGRATIONS } from './migrations/index.js';

/**
 * Applies the migrations that the database lacks, all in one transaction.
 *
 * @returns whether there were any
 */
export function migrate(connection: Connection): boolean {
  const version = Number(connection.get('PRAGMA user_version')?.user_version);
  const missing = MIGRATIONS.slice(version);
  if (missing.length === 0) return false;
  connection.script('BEGIN');
  try {
    for (const script of missing) connection.script(script);
    connection.script(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length}`);
    connection.script('COMMIT');
  } catch (error) {
    connection.script('ROLLBACK');
    throw error;
  }
  return true;
}
