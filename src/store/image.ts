/**
 * Whether bytes are a database of this library that is safe to work on: checked before anything is written to it.
 *
 * @module
 */
import { CorruptDatabaseError, MeshError } from '../errors.js';
import type { Connection } from './connection.js';

/** `PRAGMA application_id`: "ARBM" in ASCII. It tells this library's files from other SQLite files. */
export const APPLICATION_ID = 0x4152424d;

const MAGIC = 'SQLite format 3\0';
/** The smallest page, so the smallest file, that SQLite knows. */
const MIN_FILE = 512;
/** Where the file header keeps them, each as 32 bits, most significant byte first (SQLite file format §1.3). */
const USER_VERSION_OFFSET = 60;
const APPLICATION_ID_OFFSET = 68;

/**
 * Reads the file header, without SQLite.
 *
 * @param name names the database in the error's message
 * @param newest the newest schema version that this library knows
 * @throws CorruptDatabaseError if this is no SQLite file, of another application, or of a newer schema
 */
export function requireOwnImage(image: Uint8Array, name: string, newest: number): void {
  if (image.length < MIN_FILE || [...MAGIC].some((character, i) => image[i] !== character.charCodeAt(0))) {
    throw new CorruptDatabaseError(`${name} is not a SQLite database; it was left as it is`);
  }
  const header = new DataView(image.buffer, image.byteOffset, image.byteLength);
  if (header.getUint32(APPLICATION_ID_OFFSET) !== APPLICATION_ID) {
    throw new CorruptDatabaseError(`${name} is a database of another application; it was left as it is`);
  }
  const version = header.getUint32(USER_VERSION_OFFSET);
  if (version > newest) {
    throw new CorruptDatabaseError(
      `${name} has schema version ${version}, and this version of the library knows up to ${newest}: update the library`,
    );
  }
  if (version === 0) throw new CorruptDatabaseError(`${name} has no schema version; it was left as it is`);
}

/** The error for a database that SQLite finds fault with. */
export function damaged(name: string, fault: string, options?: ErrorOptions): CorruptDatabaseError {
  return new CorruptDatabaseError(`${name} is damaged (${fault.replaceAll('\n', ' ')}); it was left as it is`, options);
}

/**
 * Has SQLite check every page, index and constraint, and every foreign key.
 *
 * @param name names the database in the error's message
 * @throws CorruptDatabaseError with the first fault found
 */
export function requireIntegrity(connection: Connection, name: string): void {
  let verdict: unknown;
  let danglingRow: unknown;
  try {
    verdict = connection.get('PRAGMA integrity_check(1)')?.integrity_check;
    danglingRow = connection.get('PRAGMA foreign_key_check');
  } catch (cause) {
    throw damaged(name, cause instanceof MeshError ? cause.message : String(cause), { cause });
  }
  if (verdict !== 'ok') throw damaged(name, String(verdict));
  if (danglingRow !== undefined) throw damaged(name, 'a row refers to one that is missing');
}
