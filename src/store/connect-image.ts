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

/** Where the file header keeps how the file is written and read: 1 by a rollback journal, 2 by a write-ahead log. */
const FORMAT_OFFSET = 18;

/** An image in the mode of the write-ahead log, which sql.js cannot open, is whole by itself where there is no log. */
function withoutLog(image: Uint8Array): Uint8Array {
  if (image[FORMAT_OFFSET] !== 2 || image[FORMAT_OFFSET + 1] !== 2) return image;
  const copy = image.slice();
  copy.fill(1, FORMAT_OFFSET, FORMAT_OFFSET + 2);
  return copy;
}

/**
 * @param name names the image in an error's message
 * @throws CorruptDatabaseError if it is damaged, of another application or of a newer schema
 */
export function connectImage(sqlJs: SqlJs, image: Uint8Array, name: string): SqlJsConnection {
  requireOwnImage(image, name, MIGRATIONS.length);
  let connection: SqlJsConnection;
  try {
    connection = new SqlJsConnection(sqlJs, withoutLog(image));
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
