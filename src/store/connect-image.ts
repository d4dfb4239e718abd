/**
 * A connection to an image from outside, checked before anything is written.
 *
 * @module
 */
import { MeshError } from '../errors.js';
import { Connection } from './connection.js';
import { damaged, requireIntegrity, requireOwnImage } from './image.js';
import { MIGRATIONS } from './migrations/index.js';
import type { SqlJs } from './sql-js.js';

/**
 * @param name names the image in an error's message
 * @throws CorruptDatabaseError if it is damaged, of another application or of a newer schema
 */
export function connectImage(sqlJs: SqlJs, image: Uint8Array, name: string): Connection {
  requireOwnImage(image, name, MIGRATIONS.length);
  let connection: Connection;
  try {
    connection = new Connection(sqlJs, image);
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
