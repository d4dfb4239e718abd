/**
 * The switch: a mesh is off until the user enables it, and nothing of the group is made or taken in before that.
 *
 * @module
 */
import { InvalidInputError, MeshDisabledError } from '../errors.js';
import type { MeshDatabase } from '../store/database.js';

/** Whether the mesh is enabled in this database. It is not at first. */
export function isEnabled(db: MeshDatabase): boolean {
  return db.sql.get("SELECT value FROM meta WHERE key = 'enabled'")?.value === 1;
}

/**
 * Enables or disables the mesh in this database.
 *
 * @throws InvalidInputError if `enabled` is not a boolean
 */
export function setEnabled(db: MeshDatabase, enabled: boolean): void {
  if (typeof enabled !== 'boolean') throw new InvalidInputError('enabled must be true or false');
  db.sql.run("INSERT INTO meta (key, value) VALUES ('enabled', ?1) ON CONFLICT (key) DO UPDATE SET value = ?1", [
    enabled ? 1 : 0,
  ]);
}

/** @throws MeshDisabledError unless the mesh is enabled */
export function requireEnabled(db: MeshDatabase): void {
  if (!isEnabled(db)) throw new MeshDisabledError();
}
