/**
 * A connection to an image from outside, checked before anything is written.
 *
 * @module
 */
import { MeshError } from '../errors.js';
import { damaged, requireIntegrity, requireOwnImage } from './image.js';
import { MIGRATIONS } from './migrations/index.js';
import type { SqlJs } from './sql-js.js';
import { SqlJsConnection } from './sql-js-connection.js';

/**
 * @param name names the image in an error's message
 * @throws CorruptDatabaseError if it is damaged, of another application or of a newer schema
 */
export function connectImage(sqlJs: SqlJs, image: Uint8Array, name: string): SqlJsConnection {
  requireOwnImage(image, name, MIGRATIONS.length);
  let connection: SqlJsConnection;
  try {
    connection = new SqlJsConnection(sqlJs, image);
  } catch (cause) {
    throw damaged(name, cause instanceof MeshError ? cause.message : String(cause), { cause });
  }
  try {
    requireIntegrity(connection, name);
  } catch (error) {
    connection.close();
    throw error;
  }
  return connection;
}
